package dev.recaller.memory;

import dev.recaller.memory.extract.ContactPreferences;
import dev.recaller.memory.extract.Redaction;
import dev.recaller.memory.extract.Sensitivity;
import dev.recaller.sql.schema.tables.records.MemoryChunksRecord;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Stores turns and what the rules find in them: all of it or nothing, and each turn once. */
final class Remembering {

    /** A caller's plain words; a model is less sure. */
    private static final double STATED = 0.9;

    private final Stores stores;
    private final NameKeeping names;

    Remembering(Stores stores) {
        this.stores = stores;
        this.names = new NameKeeping(stores);
    }

    Memory getOrCreate(MemoryIdentity identity) {
        return stores.write(
                identity.organizationId(),
                tx -> IdentityStore.memory(stores.identities().getOrCreate(tx, identity, stores.now())));
    }

    Stored store(MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration) {
        return stores.write(identity.organizationId(), tx -> store(tx, identity, conversation, configuration));
    }

    ChunkId store(MemoryId memory, NewChunk chunk, int retentionDays) {
        String content = Redaction.apply(chunk.content(), null);
        NewChunk clean = new NewChunk(content, chunk.type(), chunk.importance(), chunk.topics());
        return stores.write(memory.organizationId(), tx -> {
            if (stores.identities().lock(tx, memory) == null) {
                throw MemoryException.notFound(memory);
            }
            UUID id = stores.chunks().add(tx, memory, clean, minimum(content), retentionDays, stores.now());
            stores.identities().count(tx, memory, 0, Rows.tokens(content), null, stores.now());
            return new ChunkId(id);
        });
    }

    /** What the closed rules want of a caller before this is read back. */
    static Assurance minimum(String text) {
        return Sensitivity.isSensitive(text) ? Assurance.ATTESTED : Assurance.PRESENTED;
    }

    private Stored store(
            DSLContext tx, MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration) {
        int retentionDays = configuration.retentionDays();
        UserMemoryRecord row = locked(tx, identity);
        MemoryId memory = IdentityStore.id(row);
        UUID callId = conversation.callId();
        List<MemoryChunksRecord> before = stores.chunks().call(tx, memory, callId);
        Set<UUID> added = addTurns(tx, memory, conversation, before, retentionDays);
        if (added.isEmpty()) {
            return new Stored(memory, 0, List.of());
        }
        var call = new Call(memory, callId, stores.chunks().call(tx, memory, callId), added, retentionDays);
        count(tx, call, before.isEmpty());
        if (before.isEmpty() && configuration.extracts()) {
            ExtractionQueue.add(tx, memory, conversation, configuration, stores.now());
        }
        List<String> facts = new ArrayList<>();
        NameKeeping.Kept kept = names.keep(tx, call, row.getEpochStartedAt());
        if (kept.fact() != null) {
            facts.add(kept.fact());
        }
        for (MemoryChunksRecord turn : call.addedTurns()) {
            facts.addAll(statePreferences(tx, call, turn, kept.epoch()));
        }
        return new Stored(memory, added.size(), facts);
    }

    private UserMemoryRecord locked(DSLContext tx, MemoryIdentity identity) {
        while (true) {
            UserMemoryRecord found = stores.identities().getOrCreate(tx, identity, stores.now());
            UserMemoryRecord row = stores.identities().lock(tx, IdentityStore.id(found));
            // Erased between the two statements: the caller starts anew.
            if (row != null) {
                return row;
            }
        }
    }

    private Set<UUID> addTurns(
            DSLContext tx,
            MemoryId memory,
            Conversation conversation,
            List<MemoryChunksRecord> before,
            int retentionDays) {
        NavigableMap<Integer, Turn> turns = new TreeMap<>();
        conversation.turns().stream()
                .filter(turn -> !turn.text().isBlank())
                .forEach(turn -> turns.putIfAbsent(turn.index(), turn));
        NavigableMap<Integer, Turn> whole = new TreeMap<>(turns);
        before.forEach(row -> whole.put(row.getTurn(), turn(row)));
        Set<UUID> added = new HashSet<>();
        for (Turn turn : turns.values()) {
            String text = Redaction.apply(turn.text(), answered(whole, turn));
            Turn clean = new Turn(turn.index(), turn.speaker(), text, turn.saidAt());
            UUID id = stores.chunks().addTurn(tx, memory, conversation.callId(), clean, minimum(text), retentionDays);
            if (id != null) {
                added.add(id);
            }
        }
        return added;
    }

    /** What the other side said right before a turn. */
    private static @Nullable String answered(NavigableMap<Integer, Turn> turns, Turn turn) {
        Map.Entry<Integer, Turn> previous = turns.lowerEntry(turn.index());
        return previous == null || previous.getValue().speaker() == turn.speaker()
                ? null
                : previous.getValue().text();
    }

    private void count(DSLContext tx, Call call, boolean first) {
        long tokens = call.addedTurns().stream()
                .mapToLong(MemoryChunksRecord::getTokens)
                .sum();
        Instant spokenAt = call.addedTurns().stream()
                .map(MemoryChunksRecord::getSaidAt)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        stores.identities().count(tx, call.memory(), first ? 1 : 0, tokens, spokenAt, stores.now());
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
                    minimum(turn.getContent()),
                    Rows.expiry(turn.getSaidAt(), call.retentionDays()));
            if (stores.preferences().state(tx, call.memory(), statement, epoch)) {
                facts.add(found.key().key() + " = " + found.value());
            }
        }
        return facts;
    }

    private static Turn turn(MemoryChunksRecord row) {
        return new Turn(row.getTurn(), Rows.value(Speaker.class, row.getSpeaker()), row.getContent(), row.getSaidAt());
    }
}
