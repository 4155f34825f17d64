package dev.recaller.memory;

import dev.recaller.memory.recall.Vectors;
import dev.recaller.sql.schema.tables.records.EntitiesRecord;
import dev.recaller.sql.schema.tables.records.PreferencesRecord;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What the database says of one caller: everything a call may recall.
 *
 * @param chunks in the order they were said
 * @param vectors of those that have some of the model asked for
 * @param readAt when reading began
 */
record CallerRows(List<Known> memories, List<Remembered> chunks, Map<UUID, Vectors> vectors, Instant readAt) {

    /** Storing turns older than this changes the memory's revision; younger ones {@link #again} finds. */
    static final Duration RECENT = Duration.ofMinutes(15);

    /** Clocks of two workers differ by less. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    static final CallerRows NONE = new CallerRows(List.of(), List.of(), Map.of(), Instant.EPOCH);

    /**
     * One row of {@code user_memory} and what hangs on it beside chunks.
     *
     * @param silent whether the number was silent for so long since the caller's one name was said that it may be somebody
     *     else's
     */
    record Known(
            UserMemoryRecord memory,
            List<EntitiesRecord> entities,
            List<PreferencesRecord> preferences,
            boolean silent) {

        List<EntitiesRecord> callerNames() {
            return entities.stream()
                    .filter(row -> EntityStore.CALLER.equals(row.getRole()))
                    .toList();
        }
    }

    /** Who may read, and with which model's vectors; null: none. */
    record Reader(
            Assurance assurance,
            @Nullable UUID callId,
            @Nullable String model) {}

    private record State(UUID memory, long revision) {}

    private record Version(State state, long totalTokens) {
        static Version of(UserMemoryRecord row) {
            return new Version(new State(row.getId(), row.getRevision()), row.getTotalTokens());
        }
    }

    /** What happened to the rows since they were read. */
    enum Changes {
        NONE,
        /** Something was said; what was read is still true. */
        SAID,
        /** What was read may be false. */
        REVISED
    }

    Changes changes(List<UserMemoryRecord> now) {
        List<Version> read =
                memories.stream().map(known -> Version.of(known.memory())).toList();
        List<Version> found = now.stream().map(Version::of).toList();
        if (read.equals(found)) {
            return Changes.NONE;
        }
        return read.stream()
                        .map(Version::state)
                        .toList()
                        .equals(found.stream().map(Version::state).toList())
                ? Changes.SAID
                : Changes.REVISED;
    }

    CallerRows with(Map<UUID, Vectors> more) {
        Map<UUID, Vectors> all = new HashMap<>(vectors);
        all.putAll(more);
        return new CallerRows(memories, chunks, all, readAt);
    }

    static CallerRows read(DSLContext tx, Stores stores, List<UserMemoryRecord> memories, Reader reader, Instant now) {
        return read(tx, stores, memories, reader, now, Instant.EPOCH);
    }

    /** These rows with what was said since they were read: only that is read, and what a card is made of. */
    CallerRows again(DSLContext tx, Stores stores, List<UserMemoryRecord> found, Reader reader, Instant now) {
        Instant since = readAt.minus(RECENT).minus(SKEW);
        CallerRows recent = read(tx, stores, found, reader, now, since);
        Map<UUID, Vectors> known = new HashMap<>(vectors);
        known.putAll(recent.vectors());
        Stream<Remembered> before =
                chunks.stream().filter(row -> row.chunk().saidAt().isBefore(since));
        return new CallerRows(
                recent.memories(),
                Stream.concat(before, recent.chunks().stream()).toList(),
                known,
                now);
    }

    private static CallerRows read(
            DSLContext tx, Stores stores, List<UserMemoryRecord> memories, Reader reader, Instant now, Instant since) {
        List<Known> known = new ArrayList<>();
        List<Remembered> chunks = new ArrayList<>();
        Map<UUID, Vectors> vectors = new HashMap<>();
        for (UserMemoryRecord memory : memories) {
            MemoryId id = IdentityStore.id(memory);
            @Nullable Instant epoch = memory.getEpochStartedAt();
            known.add(known(tx, stores, memory, reader.assurance(), now));
            Instant from = epoch == null || epoch.isBefore(since) ? since : epoch;
            ReadableChunks.Found found = ReadableChunks.read(
                    tx, new ReadableChunks.Wanted(id, from, now, reader.assurance(), reader.callId(), reader.model()));
            chunks.addAll(found.chunks());
            vectors.putAll(found.vectors());
        }
        if (memories.size() > 1) {
            chunks.sort(Comparator.comparing(row -> row.chunk().saidAt()));
        }
        return new CallerRows(known, chunks, vectors, now);
    }

    private static Known known(
            DSLContext tx, Stores stores, UserMemoryRecord memory, Assurance assurance, Instant now) {
        MemoryId id = IdentityStore.id(memory);
        @Nullable Instant epoch = memory.getEpochStartedAt();
        List<EntitiesRecord> entities = stores.entities().readable(tx, id, epoch, now, assurance);
        List<EntitiesRecord> names = entities.stream()
                .filter(row -> EntityStore.CALLER.equals(row.getRole()))
                .toList();
        return new Known(
                memory,
                entities,
                stores.preferences().readable(tx, id, epoch, now, assurance),
                names.size() == 1 && silent(tx, stores, id, names.getFirst().getLastMentionedAt(), now));
    }

    private static boolean silent(DSLContext tx, Stores stores, MemoryId memory, Instant since, Instant now) {
        return now.isAfter(since) && stores.chunks().resumedAfterSilence(tx, memory, since, now) != null;
    }
}
