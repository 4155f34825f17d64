package dev.recaller.memory;

import dev.recaller.memory.extract.ContactPreferences;
import dev.recaller.memory.extract.PreferenceKey;
import dev.recaller.memory.extract.Redaction;
import dev.recaller.memory.extract.Sensitivity;
import dev.recaller.sql.schema.tables.records.MemoryChunksRecord;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Stores turns and what the rules find in them: all of it or nothing, and each turn once. */
final class Remembering {

    /** A caller's plain words; a model is less sure. */
    private static final double STATED = 0.9;

    /** An answer may come in pieces, so many turns after its question at most. */
    private static final int LOOKED_BACK = 6;

    /** Says no more than that the answer is not over. */
    private static final Pattern GO_ON = Pattern.compile(
            "(?:(?:go on|go ahead|continue|please|and|yes|next|then|the rest|mhm|uh-huh)[\\s,.!?]*+)++",
            Pattern.CASE_INSENSITIVE);

    private final Stores stores;
    private final Vectorizing vectors;
    private final IdentityHash hash;
    private final NameKeeping names;

    Remembering(Stores stores, Vectorizing vectors, IdentityHash hash) {
        this.stores = stores;
        this.vectors = vectors;
        this.hash = hash;
        this.names = new NameKeeping(stores);
    }

    /** What storing changed, and the ids of the turns it added. */
    private record Added(Stored stored, Set<UUID> turns) {}

    Memory getOrCreate(MemoryIdentity identity) {
        return stores.write(
                identity.organizationId(),
                tx -> IdentityStore.memory(stores.identities().getOrCreate(tx, identity, stores.now())));
    }

    List<Memory> memoriesOf(MemoryIdentity identity) {
        return stores.read(
                identity.organizationId(),
                tx -> stores.identities().find(tx, identity).stream()
                        .map(IdentityStore::memory)
                        .toList());
    }

    Stored store(MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration) {
        Added added = stores.write(identity.organizationId(), tx -> store(tx, identity, conversation, configuration));
        vectors.said(identity.organizationId(), added.turns());
        return added.stored();
    }

    ChunkId store(MemoryId memory, NewChunk chunk, int retentionDays) {
        String content = Redaction.apply(chunk.content(), null);
        NewChunk clean = new NewChunk(content, chunk.type(), chunk.importance(), chunk.topics());
        ChunkId stored = stores.write(memory.organizationId(), tx -> {
            UserMemoryRecord row = stores.identities().lock(tx, memory);
            if (row == null) {
                throw MemoryException.notFound(memory);
            }
            MemoryId live = IdentityStore.id(row);
            UUID id = stores.chunks().add(tx, live, clean, minimum(content), retentionDays, stores.now());
            stores.identities().count(tx, live, 0, Rows.tokens(content), null, stores.now());
            return new ChunkId(id);
        });
        vectors.said(memory.organizationId(), Set.of(stored.value()));
        return stored;
    }

    /** What the closed rules want of a caller before this is read back. */
    static Assurance minimum(String text) {
        return Sensitivity.isSensitive(text) ? Assurance.ATTESTED : Assurance.PRESENTED;
    }

    private static Assurance higher(Assurance one, Assurance other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private Added store(
            DSLContext tx, MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration) {
        int retentionDays = configuration.retentionDays();
        UserMemoryRecord row = locked(tx, identity);
        MemoryId memory = IdentityStore.id(row);
        // Under the memory's lock: an erasure has either ended, or waits and takes these turns with it.
        Instant erasedAt = stores.identities().erasedAt(tx, hash.tombstones(identity));
        Conversation said = erasedAt == null ? conversation : conversation.saidAfter(erasedAt);
        if (said.turns().isEmpty()) {
            stores.identities().deleteUnused(tx, memory);
            return new Added(Stored.NOTHING, Set.of());
        }
        UUID callId = said.callId();
        List<MemoryChunksRecord> before = stores.chunks().call(tx, memory, callId);
        List<MemoryChunksRecord> turns = newTurns(memory, said, before, retentionDays);
        Set<UUID> added = stores.chunks().addTurns(tx, memory, callId, turns, before.isEmpty(), stores.now());
        if (added.isEmpty()) {
            return new Added(new Stored(memory, 0, List.of()), added);
        }
        List<MemoryChunksRecord> all = Stream.concat(
                        before.stream(), turns.stream().filter(turn -> added.contains(turn.getId())))
                .sorted(Comparator.comparing(MemoryChunksRecord::getTurn))
                .toList();
        var call = new Call(memory, callId, all, added, retentionDays);
        if (before.isEmpty() && configuration.extracts()) {
            ExtractionQueue.add(tx, memory, conversation, configuration, stores.now());
        }
        reviseWhenLate(tx, call);
        List<String> facts = new ArrayList<>();
        NameKeeping.Kept kept = call.mayChangeNames()
                ? names.keep(tx, call, row.getEpochStartedAt())
                : new NameKeeping.Kept(row.getEpochStartedAt(), null);
        if (kept.fact() != null) {
            facts.add(kept.fact());
        }
        for (MemoryChunksRecord turn : call.addedTurns()) {
            facts.addAll(statePreferences(tx, call, turn, kept.epoch()));
        }
        return new Added(new Stored(memory, added.size(), facts), added);
    }

    private UserMemoryRecord locked(DSLContext tx, MemoryIdentity identity) {
        UserMemoryRecord row = stores.identities().lockExact(tx, identity);
        // Not there, held by another, merged or erased meanwhile: the long way, in the order in which all lock.
        while (row == null) {
            UserMemoryRecord found = stores.identities().getOrCreate(tx, identity, stores.now());
            row = stores.identities().lock(tx, IdentityStore.id(found));
        }
        return row;
    }

    /** The turns that are not stored yet, redacted. */
    private List<MemoryChunksRecord> newTurns(
            MemoryId memory, Conversation conversation, List<MemoryChunksRecord> before, int retentionDays) {
        NavigableMap<Integer, Turn> turns = new TreeMap<>();
        conversation.turns().stream()
                .filter(turn -> !turn.text().isBlank())
                .forEach(turn -> turns.putIfAbsent(turn.index(), turn));
        NavigableMap<Integer, Turn> whole = new TreeMap<>(turns);
        before.forEach(row -> whole.put(row.getTurn(), turn(row)));
        before.forEach(row -> turns.remove(row.getTurn()));
        List<MemoryChunksRecord> rows = new ArrayList<>();
        for (Turn turn : turns.values()) {
            String answered = answered(whole, turn);
            String text = Redaction.apply(turn.text(), answered);
            Turn clean = new Turn(turn.index(), turn.speaker(), text, turn.saidAt());
            boolean asked = answered != null && turn.speaker() == Speaker.CALLER && Sensitivity.asks(answered);
            Assurance needed = asked ? Assurance.ATTESTED : minimum(text);
            Assurance minimum = higher(needed, conversation.minimum());
            rows.add(stores.chunks().turn(memory, conversation.callId(), clean, minimum, retentionDays));
        }
        return rows;
    }

    /** What a turn answers: the other side's words before it, past what only says "go on" and past one's own. */
    private static @Nullable String answered(NavigableMap<Integer, Turn> turns, Turn turn) {
        return turns.headMap(turn.index(), false).descendingMap().values().stream()
                .limit(LOOKED_BACK)
                .filter(earlier -> earlier.speaker() != turn.speaker())
                .map(Turn::text)
                .filter(text -> !GO_ON.matcher(text).matches())
                .findFirst()
                .orElse(null);
    }

    /** Turns of long ago come in where nobody looks for news. */
    private void reviseWhenLate(DSLContext tx, Call call) {
        Instant recent = stores.now().minus(CallerRows.RECENT);
        if (call.addedTurns().stream().anyMatch(turn -> turn.getSaidAt().isBefore(recent))) {
            stores.identities().revise(tx, call.memory());
        }
    }

    private List<String> statePreferences(DSLContext tx, Call call, MemoryChunksRecord turn, @Nullable Instant epoch) {
        List<String> facts = new ArrayList<>();
        for (ContactPreferences.Found found : ContactPreferences.in(Call.utterance(turn))) {
            var statement = new PreferenceStore.Statement(
                    found.key().key(),
                    found.value(),
                    found.key().category(),
                    STATED,
                    turn.getId(),
                    turn.getSaidAt(),
                    Call.minimum(turn),
                    Rows.expiry(turn.getSaidAt(), call.retentionDays()));
            if (stores.preferences().state(tx, call.memory(), statement, epoch)) {
                facts.add(found.key().key() + " = " + found.value());
            }
            PreferenceKey contrary = found.key().contrary();
            if (contrary != null) {
                stores.preferences().takeBack(tx, call.memory(), contrary, found.value(), turn.getSaidAt());
            }
        }
        return facts;
    }

    private static Turn turn(MemoryChunksRecord row) {
        return new Turn(row.getTurn(), Rows.value(Speaker.class, row.getSpeaker()), row.getContent(), row.getSaidAt());
    }
}
