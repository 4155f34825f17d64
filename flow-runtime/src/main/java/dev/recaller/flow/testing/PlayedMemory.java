package dev.recaller.flow.testing;

import dev.recaller.flow.node.CallMemory;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.CallerMemory;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Query;
import dev.recaller.memory.Recollection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A memory that knows a name at most, and counts what is stored. */
final class PlayedMemory implements CallMemory.Service {

    private final Recollection known;
    private final Set<Integer> stored = ConcurrentHashMap.newKeySet();

    PlayedMemory(@Nullable String name, Instant lastCallAt) {
        this.known = name == null
                ? Recollection.EMPTY
                : new Recollection(name, lastCallAt, 1, List.of(), List.of(), List.of());
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
                return known;
            }

            @Override
            public void refresh(Duration limit) {}

            @Override
            public void close() {}
        };
    }

    @Override
    public void store(MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration) {
        conversation.turns().forEach(turn -> stored.add(turn.index()));
    }

    @Override
    public void forget(MemoryIdentity identity) {
        stored.clear();
    }
}
