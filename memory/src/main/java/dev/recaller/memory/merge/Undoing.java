package dev.recaller.memory.merge;

import static dev.recaller.sql.schema.Tables.CALLS;
import static dev.recaller.sql.schema.Tables.ENTITIES;
import static dev.recaller.sql.schema.Tables.ENTITY_RELATIONSHIPS;
import static dev.recaller.sql.schema.Tables.MEMORY_CHUNKS;
import static dev.recaller.sql.schema.Tables.MERGES;
import static dev.recaller.sql.schema.Tables.PREFERENCES;
import static dev.recaller.sql.schema.Tables.USER_MEMORY;

import dev.recaller.sql.schema.tables.records.EntitiesRecord;
import dev.recaller.sql.schema.tables.records.MergesRecord;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Makes two memories of one again, in one transaction that holds both. What came after the merge stays where it is. */
final class Undoing {

    private final Pair pair;
    private final MergesRecord merge;
    private final Journal journal;
    private final Instant at;

    Undoing(Pair pair, MergesRecord merge, Instant at) {
        this.pair = pair;
        this.merge = merge;
        this.journal = Journal.of(merge.getDetail());
        this.at = at;
    }

    /** All of it but the identity: {@link #release} comes last. */
    Undo.Undone restore() {
        int chunks = moveBack(
                MEMORY_CHUNKS,
                MEMORY_CHUNKS.ORGANIZATION_ID,
                MEMORY_CHUNKS.ID,
                MEMORY_CHUNKS.MEMORY_ID,
                journal.chunks());
        int calls = moveBack(CALLS, CALLS.ORGANIZATION_ID, CALLS.ID, CALLS.MEMORY_ID, journal.calls());
        int relationships = delete(
                ENTITY_RELATIONSHIPS,
                ENTITY_RELATIONSHIPS.ORGANIZATION_ID,
                ENTITY_RELATIONSHIPS.ID,
                journal.relationships());
        journal.entities().forEach(this::takeBack);
        journal.changed().forEach(this::restore);
        new PreferenceUndoing(pair, journal).undo();
        restoreTimes();
        List<UUID> entities = journal.origins();
        int entitiesLeft = left(ENTITIES, ENTITIES.ORGANIZATION_ID, ENTITIES.ID, entities);
        List<UUID> preferences =
                journal.preferences().stream().map(Journal.Origin::of).toList();
        int preferencesLeft = left(PREFERENCES, PREFERENCES.ORGANIZATION_ID, PREFERENCES.ID, preferences);
        int missing = journal.chunks().size()
                - chunks
                + journal.calls().size()
                - calls
                + entities.size()
                - entitiesLeft
                + preferences.size()
                - preferencesLeft;
        return new Undo.Undone(
                merge.getId(),
                pair.intoId(),
                pair.fromId(),
                new Moved(chunks, calls, entitiesLeft, relationships, preferencesLeft),
                missing,
                null);
    }

    /** The merged memory has its identity again, and what had been merged into it. */
    void release() {
        pair.tx()
                .update(USER_MEMORY)
                .set(USER_MEMORY.MERGED_INTO, pair.from().getId())
                .where(
                        USER_MEMORY.ORGANIZATION_ID.eq(pair.organizationId()),
                        USER_MEMORY.ID.eq(DSL.any(array(journal.redirected()))))
                .execute();
        pair.tx()
                .update(USER_MEMORY)
                .setNull(USER_MEMORY.MERGED_INTO)
                .set(USER_MEMORY.REVISION, USER_MEMORY.REVISION.plus(1))
                .where(Pair.of(USER_MEMORY.ORGANIZATION_ID, USER_MEMORY.ID, pair.from()))
                .execute();
        pair.tx()
                .update(MERGES)
                .set(MERGES.UNDONE_AT, at)
                .set(MERGES.DETAIL, JSONB.valueOf("{}"))
                .where(MERGES.ORGANIZATION_ID.eq(pair.organizationId()), MERGES.ID.eq(merge.getId()))
                .execute();
    }

    private void takeBack(Journal.Copy copy) {
        EntitiesRecord row = entity(copy.id());
        if (row == null) {
            return;
        }
        Mentions now = Mentions.of(row);
        boolean spokenOf = now.count() > copy.made().count()
                || now.last().isAfter(copy.made().last())
                || isRelated(copy.id());
        if (spokenOf) {
            write(row, now.since(copy.made(), merge.getCreatedAt()));
        } else {
            pair.tx().executeDelete(row);
        }
    }

    private boolean isRelated(UUID entity) {
        return pair.tx()
                .fetchExists(
                        ENTITY_RELATIONSHIPS,
                        ENTITY_RELATIONSHIPS
                                .ORGANIZATION_ID
                                .eq(pair.organizationId())
                                .and(ENTITY_RELATIONSHIPS
                                        .SOURCE_ID
                                        .eq(entity)
                                        .or(ENTITY_RELATIONSHIPS.TARGET_ID.eq(entity))));
    }

    private void restore(Journal.Change change) {
        EntitiesRecord row = entity(change.id());
        if (row != null) {
            write(row, Mentions.of(row).without(change.after(), change.before()));
        }
    }

    private void write(EntitiesRecord row, Mentions mentions) {
        mentions.writeTo(row);
        pair.tx().executeUpdate(row);
    }

    private @Nullable EntitiesRecord entity(UUID id) {
        return pair.tx()
                .selectFrom(ENTITIES)
                .where(Pair.of(ENTITIES.ORGANIZATION_ID, ENTITIES.MEMORY_ID, pair.into()))
                .and(ENTITIES.ID.eq(id))
                .fetchOne();
    }

    private void restoreTimes() {
        UserMemoryRecord into = pair.into();
        Journal.Times before = journal.before();
        Journal.Times after = journal.after();
        boolean heardSince = !Objects.equals(into.getLastInteractionAt(), after.lastInteractionAt());
        boolean changedSince = !into.getUpdatedAt().equals(after.updatedAt());
        pair.tx()
                .update(USER_MEMORY)
                .set(
                        USER_MEMORY.CONVERSATION_COUNT,
                        DSL.greatest(USER_MEMORY.CONVERSATION_COUNT.minus(journal.conversations()), DSL.val(0L)))
                .set(
                        USER_MEMORY.TOTAL_TOKENS,
                        DSL.greatest(USER_MEMORY.TOTAL_TOKENS.minus(journal.tokens()), DSL.val(0L)))
                .set(
                        USER_MEMORY.LAST_INTERACTION_AT,
                        heardSince ? into.getLastInteractionAt() : before.lastInteractionAt())
                .set(USER_MEMORY.UPDATED_AT, changedSince ? at : before.updatedAt())
                .set(USER_MEMORY.REVISION, USER_MEMORY.REVISION.plus(1))
                .where(Pair.of(USER_MEMORY.ORGANIZATION_ID, USER_MEMORY.ID, into))
                .execute();
    }

    private int moveBack(
            Table<? extends Record> table,
            Field<String> organizationId,
            Field<UUID> id,
            Field<UUID> memoryId,
            List<UUID> rows) {
        return pair.tx()
                .update(table)
                .set(memoryId, pair.from().getId())
                .where(among(organizationId, id, rows)
                        .and(memoryId.eq(pair.into().getId())))
                .execute();
    }

    private int delete(Table<? extends Record> table, Field<String> organizationId, Field<UUID> id, List<UUID> rows) {
        return pair.tx()
                .deleteFrom(table)
                .where(among(organizationId, id, rows))
                .execute();
    }

    private int left(Table<? extends Record> table, Field<String> organizationId, Field<UUID> id, List<UUID> rows) {
        return pair.tx().fetchCount(table, among(organizationId, id, rows));
    }

    private Condition among(Field<String> organizationId, Field<UUID> id, List<UUID> rows) {
        return organizationId.eq(pair.organizationId()).and(id.eq(DSL.any(array(rows))));
    }

    private static UUID[] array(List<UUID> ids) {
        return ids.toArray(UUID[]::new);
    }
}
