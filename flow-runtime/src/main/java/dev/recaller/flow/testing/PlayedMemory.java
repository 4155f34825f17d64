package dev.recaller.flow.testing;

import dev.recaller.flow.node.FlowMemory;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.CallerMemory;
import dev.recaller.memory.ChunkId;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Query;
import dev.recaller.memory.Recollection;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import dev.recaller.memory.extract.Introductions;
import dev.recaller.memory.extract.Names;
import dev.recaller.memory.extract.Utterance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A memory that knows a name at most, takes one from what is stored as the real one does, keeps notes and counts the turns. */
final class PlayedMemory implements FlowMemory {

    private final Instant lastCallAt;
    private final AtomicReference<@Nullable String> name;
    private final List<Recollection.Item> notes = new CopyOnWriteArrayList<>();
    private final Set<Integer> stored = ConcurrentHashMap.newKeySet();

    PlayedMemory(@Nullable String name, Instant lastCallAt) {
        this.name = new AtomicReference<>(name);
        this.lastCallAt = lastCallAt;
    }

    int stored() {
        return stored.size();
    }

    @Override
    public MemoryConfiguration configuration(String organizationId, MemoryConfiguration.Given flow) {
        return MemoryConfiguration.resolve(flow, MemoryConfiguration.Given.NOTHING);
    }

    @Override
    public CallerMemory open(MemoryIdentity identity, Assurance assurance, UUID callId, Duration limit) {
        return new CallerMemory() {
            @Override
            public Assurance assurance() {
                return assurance;
            }

            @Override
            public Recollection recall(Query query, Duration limit) {
                String known = name.get();
                return known == null && notes.isEmpty()
                        ? Recollection.EMPTY
                        : new Recollection(
                                known == null ? null : Names.greeting(known),
                                lastCallAt,
                                1,
                                List.of(),
                                List.of(),
                                List.copyOf(notes));
            }

            @Override
            public void refresh(Duration limit) {}

            @Override
            public void close() {}
        };
    }

    @Override
    public void store(MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration) {
        @Nullable String before = null;
        for (Turn turn : conversation.turns()) {
            stored.add(turn.index());
            boolean byCaller = turn.speaker() == Speaker.CALLER;
            if (byCaller) {
                Introductions.in(new Utterance(turn.index(), true, turn.text()), before)
                        .forEach(introduction -> name.set(introduction.name()));
            }
            before = byCaller ? before : turn.text();
        }
    }

    @Override
    public void note(MemoryIdentity identity, String text) {
        var id = new ChunkId(UUID.randomUUID());
        notes.add(new Recollection.Item(text, null, null, List.of(), lastCallAt, 1, id, List.of()));
    }

    @Override
    public boolean forget(MemoryIdentity identity) {
        stored.clear();
        notes.clear();
        name.set(null);
        return true;
    }
}
