package dev.recaller.memory;

import static dev.recaller.sql.schema.Tables.PREFERENCES;

import dev.recaller.memory.extract.PreferenceKey;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.sql.schema.tables.records.PreferencesRecord;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What a caller prefers. One current value a key: what replaces it closes it, and it stays readable. */
final class PreferenceStore {

    private static final String SEPARATOR = "; ";

    private final TimeOrderedIds ids;

    PreferenceStore(TimeOrderedIds ids) {
        this.ids = ids;
    }

    /** A preference as somebody stated it. */
    record Statement(
            String key,
            String value,
            String category,
            double confidence,
            UUID sourceChunk,
            Instant saidAt,
            Assurance minimum,
            Instant expiresAt) {}

    List<PreferencesRecord> all(DSLContext tx, MemoryId memory, @Nullable Instant epoch, Instant now) {
        return fetch(tx, of(memory).and(current(epoch, now)));
    }

    List<PreferencesRecord> readable(
            DSLContext tx, MemoryId memory, @Nullable Instant epoch, Instant now, Assurance assurance) {
        return fetch(tx, of(memory).and(current(epoch, now)).and(PREFERENCES.MIN_ASSURANCE.le(Rows.stored(assurance))));
    }

    /** Stores a statement by the rules of its key; false when nothing changes. Under the memory's lock. */
    boolean state(DSLContext tx, MemoryId memory, Statement statement, @Nullable Instant epoch) {
        PreferencesRecord current = tx.selectFrom(PREFERENCES)
                .where(of(memory), PREFERENCES.KEY.eq(statement.key()), PREFERENCES.VALID_TO.isNull())
                .fetchOne();
        if (current == null) {
            insert(tx, memory, statement, statement.value(), statement.saidAt(), null);
            return true;
        }
        boolean single = PreferenceKey.of(statement.key()).isPresent();
        boolean replaced = epoch != null && current.getValidFrom().isBefore(epoch);
        String value = statement.value();
        if (!replaced && !single) {
            List<String> values = Arrays.asList(current.getValue().split(SEPARATOR, -1));
            value = values.stream().anyMatch(statement.value()::equalsIgnoreCase)
                    ? current.getValue()
                    : current.getValue() + SEPARATOR + statement.value();
        }
        if (!replaced && current.getValue().equalsIgnoreCase(value)) {
            tx.update(PREFERENCES)
                    .set(PREFERENCES.EXPIRES_AT, DSL.greatest(PREFERENCES.EXPIRES_AT, DSL.val(statement.expiresAt())))
                    .where(of(memory), PREFERENCES.ID.eq(current.getId()))
                    .execute();
            return false;
        }
        if (single && statement.saidAt().isBefore(current.getValidFrom())) {
            insertBefore(tx, memory, statement, current.getValidFrom());
            return false;
        }
        Instant since =
                statement.saidAt().isBefore(current.getValidFrom()) ? current.getValidFrom() : statement.saidAt();
        tx.update(PREFERENCES)
                .set(PREFERENCES.VALID_TO, since)
                .where(of(memory), PREFERENCES.ID.eq(current.getId()))
                .execute();
        insert(tx, memory, statement, value, since, null);
        return true;
    }

    /** Tells late what was true once: from when it was said until the next value; the value before ends then. */
    private void insertBefore(DSLContext tx, MemoryId memory, Statement statement, Instant current) {
        Condition key = of(memory).and(PREFERENCES.KEY.eq(statement.key()));
        Condition then =
                key.and(PREFERENCES.VALID_FROM.le(statement.saidAt())).and(PREFERENCES.VALID_TO.gt(statement.saidAt()));
        if (tx.fetchExists(
                tx.selectFrom(PREFERENCES).where(then, PREFERENCES.VALUE.equalIgnoreCase(statement.value())))) {
            return;
        }
        Instant next = tx.select(DSL.min(PREFERENCES.VALID_FROM))
                .from(PREFERENCES)
                .where(key, PREFERENCES.VALID_FROM.gt(statement.saidAt()))
                .fetchSingle()
                .value1();
        tx.update(PREFERENCES)
                .set(PREFERENCES.VALID_TO, statement.saidAt())
                .where(then)
                .execute();
        insert(tx, memory, statement, statement.value(), statement.saidAt(), next == null ? current : next);
    }

    /** Closes a key's current value when it is this one and was stated before. */
    void takeBack(DSLContext tx, MemoryId memory, PreferenceKey key, String value, Instant saidAt) {
        tx.update(PREFERENCES)
                .set(PREFERENCES.VALID_TO, saidAt)
                .where(of(memory), PREFERENCES.KEY.eq(key.key()), PREFERENCES.VALUE.eq(value))
                .and(PREFERENCES.VALID_TO.isNull())
                .and(PREFERENCES.VALID_FROM.lt(saidAt))
                .execute();
    }

    static Preference preference(PreferencesRecord row) {
        return new Preference(row.getKey(), row.getValue(), row.getCategory(), row.getConfidence(), row.getValidFrom());
    }

    private void insert(
            DSLContext tx,
            MemoryId memory,
            Statement statement,
            String value,
            Instant validFrom,
            @Nullable Instant validTo) {
        tx.insertInto(PREFERENCES)
                .set(PREFERENCES.ORGANIZATION_ID, memory.organizationId())
                .set(PREFERENCES.ID, ids.next())
                .set(PREFERENCES.MEMORY_ID, memory.value())
                .set(PREFERENCES.KEY, statement.key())
                .set(PREFERENCES.VALUE, value)
                .set(PREFERENCES.CATEGORY, statement.category())
                .set(PREFERENCES.CONFIDENCE, (float) statement.confidence())
                .set(PREFERENCES.SOURCE_CHUNK, statement.sourceChunk())
                .set(PREFERENCES.VALID_FROM, validFrom)
                .set(PREFERENCES.VALID_TO, validTo)
                .set(PREFERENCES.MIN_ASSURANCE, Rows.stored(statement.minimum()))
                .set(PREFERENCES.EXPIRES_AT, statement.expiresAt())
                .execute();
    }

    private static List<PreferencesRecord> fetch(DSLContext tx, Condition condition) {
        return tx.selectFrom(PREFERENCES)
                .where(condition)
                .orderBy(PREFERENCES.KEY)
                .fetch();
    }

    private static Condition of(MemoryId memory) {
        return PREFERENCES.ORGANIZATION_ID.eq(memory.organizationId()).and(PREFERENCES.MEMORY_ID.eq(memory.value()));
    }

    private static Condition current(@Nullable Instant epoch, Instant now) {
        return PREFERENCES
                .VALID_TO
                .isNull()
                .and(PREFERENCES.EXPIRES_AT.isNull().or(PREFERENCES.EXPIRES_AT.gt(now)))
                .and(epoch == null ? DSL.noCondition() : PREFERENCES.VALID_FROM.ge(epoch));
    }
}
