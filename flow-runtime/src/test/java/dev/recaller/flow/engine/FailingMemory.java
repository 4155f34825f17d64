package dev.recaller.flow.engine;

import dev.recaller.flow.node.CallMemory;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Query;
import dev.recaller.memory.Recollection;
import java.time.Duration;

/** A memory that fails at every use: a fault the real one does not show on demand. */
record FailingMemory(RuntimeException failure) implements CallMemory.Service {

    @Override
    public MemoryConfiguration configuration(String organizationId, MemoryConfiguration.Given flow) {
        throw failure;
    }

    @Override
    public Recollection recall(MemoryIdentity identity, Query query, Duration timeout) {
        throw failure;
    }

    @Override
    public void store(MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration) {
        throw failure;
    }
}
