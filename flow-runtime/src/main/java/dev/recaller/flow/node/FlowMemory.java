package dev.recaller.flow.node;

import dev.recaller.memory.Assurance;
import dev.recaller.memory.CallerMemory;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryChunk;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryException;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.NewChunk;
import dev.recaller.memory.UnifiedMemoryService;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The part of the memory service a call uses; throws {@link MemoryException}. */
public interface FlowMemory {
    MemoryConfiguration configuration(String organizationId, MemoryConfiguration.Given flow);

    CallerMemory open(MemoryIdentity identity, Assurance assurance, UUID callId, Duration limit);

    void store(MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration);

    /** Stores something about the caller that is no turn of a call, of importance 0.7: more than a turn nobody mentioned. */
    void note(MemoryIdentity identity, String text);

    /**
     * Erases the caller.
     *
     * @return false: this memory has no way to
     */
    default boolean forget(MemoryIdentity identity) {
        return false;
    }

    /** Cannot forget. */
    static FlowMemory of(UnifiedMemoryService memory) {
        return of(memory, null);
    }

    /**
     * Memory, and a way to erase it.
     *
     * @param forget erases a caller, as {@code memory.privacy.Erasure} does; null: cannot
     */
    static FlowMemory of(UnifiedMemoryService memory, @Nullable Consumer<MemoryIdentity> forget) {
        return new FlowMemory() {
            @Override
            public boolean forget(MemoryIdentity identity) {
                if (forget != null) {
                    forget.accept(identity);
                }
                return forget != null;
            }

            @Override
            public MemoryConfiguration configuration(String organizationId, MemoryConfiguration.Given flow) {
                return memory.configuration(organizationId, flow);
            }

            @Override
            public CallerMemory open(MemoryIdentity identity, Assurance assurance, UUID callId, Duration limit) {
                return memory.open(identity, assurance, callId, limit);
            }

            @Override
            public void store(MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration) {
                memory.store(identity, conversation, configuration);
            }

            @Override
            public void note(MemoryIdentity identity, String text) {
                memory.storeChunk(
                        memory.getOrCreateMemory(identity).id(),
                        new NewChunk(text, MemoryChunk.Type.FACT, 0.7, List.of()));
            }
        };
    }
}
