package dev.recaller.memory.merge;

import static dev.recaller.sql.schema.Tables.PREFERENCES;

import dev.recaller.memory.extract.PreferenceKey;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.sql.schema.tables.records.PreferencesRecord;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What two memories prefer. Of a key of the registry the newer value stands and closes the older; values of others add up. */
final class PreferenceMerging {

    static final String SEPARATOR = "; ";

    private final Pair pair;
    private final TimeOrderedIds ids;
    private final List<Journal.Origin> copies = new ArrayList<>();
    private final List<UUID> closed = new ArrayList<>();
    private final List<UUID> combined = new ArrayList<>();
    private final List<Conflict> conflicts = new ArrayList<>();

    PreferenceMerging(Pair pair, TimeOrderedIds ids) {
        this.pair = pair;
        this.ids = ids;
    }

    /** @param known preferences of the target before */
    record Done(
            List<Journal.Origin> copies,
            List<UUID> closed,
            List<UUID> combined,
            List<UUID> known,
            List<Conflict> conflicts) {}

    Done merge() {
        List<PreferencesRecord> ours = rows(pair.into());
        Map<String, PreferencesRecord> current = new HashMap<>();
        ours.stream().filter(row -> row.getValidTo() == null).forEach(row -> current.put(row.getKey(), row));
        for (PreferencesRecord theirs : rows(pair.from())) {
            if (!Pair.isRecalled(theirs.getValidFrom(), pair.from())) {
                continue;
            }
            PreferencesRecord our = current.get(theirs.getKey());
            if (theirs.getValidTo() != null || our == null) {
                copy(theirs, theirs.getValidTo());
            } else if (PreferenceKey.of(theirs.getKey()).isPresent()) {
                resolve(our, theirs);
            } else {
                combine(our, theirs);
            }
        }
        return new Done(
                copies,
                closed,
                combined,
                ours.stream().map(PreferencesRecord::getId).toList(),
                conflicts);
    }

    private void resolve(PreferencesRecord our, PreferencesRecord theirs) {
        boolean newer = theirs.getValidFrom().isAfter(our.getValidFrom());
        PreferencesRecord kept = newer ? theirs : our;
        PreferencesRecord other = newer ? our : theirs;
        if (newer) {
            close(our, theirs.getValidFrom());
            copy(theirs, null);
        } else {
            copy(theirs, our.getValidFrom());
        }
        if (!kept.getValue().equalsIgnoreCase(other.getValue())) {
            conflicts.add(new Conflict(theirs.getKey(), kept.getValue(), other.getValue(), Conflict.Resolution.CLOSED));
        }
    }

    private void combine(PreferencesRecord our, PreferencesRecord theirs) {
        List<String> mine = values(our.getValue());
        List<String> added = without(values(theirs.getValue()), mine);
        if (added.isEmpty()) {
            copy(theirs, later(our, theirs));
            return;
        }
        close(our, later(our, theirs));
        if (without(mine, values(theirs.getValue())).isEmpty()
                && !theirs.getValidFrom().isBefore(our.getValidFrom())) {
            copy(theirs, null);
            return;
        }
        copy(theirs, later(our, theirs));
        List<String> all = new ArrayList<>(mine);
        all.addAll(added);
        PreferencesRecord both = Pair.copy(theirs, PREFERENCES);
        both.setId(ids.next());
        both.setMemoryId(pair.into().getId());
        both.setValue(String.join(SEPARATOR, all));
        both.setValidFrom(later(our, theirs));
        both.setConfidence(Math.max(our.getConfidence(), theirs.getConfidence()));
        both.setMinAssurance(
                our.getMinAssurance().compareTo(theirs.getMinAssurance()) > 0
                        ? our.getMinAssurance()
                        : theirs.getMinAssurance());
        both.setExpiresAt(Mentions.later(our.getExpiresAt(), theirs.getExpiresAt()));
        pair.tx().insertInto(PREFERENCES).set(both).execute();
        combined.add(both.getId());
    }

    private void copy(PreferencesRecord theirs, @Nullable Instant validTo) {
        PreferencesRecord copy = Pair.copy(theirs, PREFERENCES);
        copy.setId(ids.next());
        copy.setMemoryId(pair.into().getId());
        copy.setValidTo(validTo);
        pair.tx().insertInto(PREFERENCES).set(copy).execute();
        copies.add(new Journal.Origin(copy.getId(), theirs.getId()));
    }

    private void close(PreferencesRecord our, Instant at) {
        pair.tx()
                .update(PREFERENCES)
                .set(PREFERENCES.VALID_TO, DSL.greatest(PREFERENCES.VALID_FROM, DSL.val(at)))
                .where(PREFERENCES.ORGANIZATION_ID.eq(pair.organizationId()), PREFERENCES.ID.eq(our.getId()))
                .execute();
        closed.add(our.getId());
    }

    private List<PreferencesRecord> rows(UserMemoryRecord memory) {
        return pair.tx()
                .selectFrom(PREFERENCES)
                .where(Pair.of(PREFERENCES.ORGANIZATION_ID, PREFERENCES.MEMORY_ID, memory))
                .orderBy(PREFERENCES.VALID_FROM, PREFERENCES.ID)
                .fetch();
    }

    static List<String> values(String value) {
        return Arrays.asList(value.split(SEPARATOR, -1));
    }

    static List<String> without(List<String> values, List<String> others) {
        return values.stream()
                .filter(value -> others.stream().noneMatch(value::equalsIgnoreCase))
                .toList();
    }

    private static Instant later(PreferencesRecord one, PreferencesRecord other) {
        return one.getValidFrom().isAfter(other.getValidFrom()) ? one.getValidFrom() : other.getValidFrom();
    }
}
