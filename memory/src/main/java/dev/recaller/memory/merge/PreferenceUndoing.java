package dev.recaller.memory.merge;

import static dev.recaller.sql.schema.Tables.PREFERENCES;

import dev.recaller.memory.extract.PreferenceKey;
import dev.recaller.sql.schema.tables.records.PreferencesRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes the merged memory's preferences out of the target again. What the merge closed is current again, or ends where a
 * later statement begins; what was stated since stands, without the values that were the other memory's.
 */
final class PreferenceUndoing {

    private final Pair pair;
    private final Journal journal;
    private final Set<UUID> taken = new HashSet<>();

    PreferenceUndoing(Pair pair, Journal journal) {
        this.pair = pair;
        this.journal = journal;
        journal.preferences().forEach(copy -> taken.add(copy.id()));
        taken.addAll(journal.combined());
    }

    void undo() {
        List<PreferencesRecord> all = pair.tx()
                .selectFrom(PREFERENCES)
                .where(Pair.of(PREFERENCES.ORGANIZATION_ID, PREFERENCES.MEMORY_ID, pair.into()))
                .orderBy(PREFERENCES.VALID_FROM, PREFERENCES.ID)
                .fetch();
        all.stream().filter(row -> taken.contains(row.getId())).forEach(pair.tx()::executeDelete);
        all.stream()
                .filter(row -> taken.contains(row.getId()) || journal.closed().contains(row.getId()))
                .map(PreferencesRecord::getKey)
                .distinct()
                .forEach(key -> undo(
                        all.stream().filter(row -> row.getKey().equals(key)).toList()));
    }

    private void undo(List<PreferencesRecord> ofKey) {
        List<PreferencesRecord> left =
                ofKey.stream().filter(row -> !taken.contains(row.getId())).toList();
        List<PreferencesRecord> since = left.stream()
                .filter(row -> !journal.known().contains(row.getId()))
                .toList();
        Set<Instant> ends = new HashSet<>();
        ofKey.stream().filter(row -> taken.contains(row.getId())).forEach(row -> ends.add(row.getValidFrom()));
        if (!since.isEmpty() && PreferenceKey.of(ofKey.getFirst().getKey()).isEmpty()) {
            List<String> theirs = valuesOf(
                    ofKey.stream().filter(row -> taken.contains(row.getId())).toList());
            List<String> ours = valuesOf(left.stream()
                    .filter(row -> journal.known().contains(row.getId()))
                    .toList());
            since.forEach(row -> takeOut(row, PreferenceMerging.without(theirs, ours)));
        }
        List<PreferencesRecord> ended = left.stream()
                .filter(row -> journal.closed().contains(row.getId())
                        || (since.contains(row) && row.getValidTo() != null && ends.contains(row.getValidTo())))
                .toList();
        Instant open = left.stream()
                .filter(row -> row.getValidTo() == null && !ended.contains(row))
                .map(PreferencesRecord::getValidFrom)
                .findFirst()
                .orElse(null);
        for (PreferencesRecord row : ended) {
            end(row, next(row, left, open));
        }
    }

    /** When the next statement begins; null when a row is current. */
    private static @Nullable Instant next(PreferencesRecord row, List<PreferencesRecord> left, @Nullable Instant open) {
        List<PreferencesRecord> later = left.subList(left.indexOf(row) + 1, left.size());
        return later.stream()
                .map(PreferencesRecord::getValidFrom)
                .findFirst()
                .orElse(open == null || open.isAfter(row.getValidFrom()) ? open : row.getValidFrom());
    }

    private void end(PreferencesRecord row, @Nullable Instant at) {
        pair.tx()
                .update(PREFERENCES)
                .set(PREFERENCES.VALID_TO, at)
                .where(PREFERENCES.ORGANIZATION_ID.eq(pair.organizationId()), PREFERENCES.ID.eq(row.getId()))
                .execute();
    }

    private void takeOut(PreferencesRecord row, List<String> values) {
        List<String> left = PreferenceMerging.without(PreferenceMerging.values(row.getValue()), values);
        if (!left.isEmpty()
                && left.size() < PreferenceMerging.values(row.getValue()).size()) {
            pair.tx()
                    .update(PREFERENCES)
                    .set(PREFERENCES.VALUE, String.join(PreferenceMerging.SEPARATOR, left))
                    .where(PREFERENCES.ORGANIZATION_ID.eq(pair.organizationId()), PREFERENCES.ID.eq(row.getId()))
                    .execute();
        }
    }

    private static List<String> valuesOf(List<PreferencesRecord> rows) {
        List<String> values = new ArrayList<>();
        rows.stream()
                .sorted(Comparator.comparing(PreferencesRecord::getValidFrom))
                .forEach(row -> values.addAll(PreferenceMerging.values(row.getValue())));
        return values;
    }
}
