package dev.recaller.flow.engine;

import dev.recaller.flow.node.FlowMemory;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.CallerMemory;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryIdentity;
import java.time.Duration;
import java.util.UUID;

/** A memory that fails at every use: a fault the real one does not show on demand. */
record FailingMemory(RuntimeException failure) implements FlowMemory {

    @Override
    public MemoryConfiguration configuration(String organizationId, MemoryConfiguration.Given flow) {
        throw failure;
    }

    @Override
    public CallerMemory open(MemoryIdentity identity, Assurance assurance, UUID callId, Duration limit) {
        throw failure;
    }

    @Override
    public void store(MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration) {
        throw failure;
    }

    @Override
    public void note(MemoryIdentity identity, String text) {
        throw failure;
    }
}
