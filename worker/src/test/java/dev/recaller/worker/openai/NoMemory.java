package dev.recaller.worker.openai;

import dev.recaller.flow.node.FlowMemory;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.CallerMemory;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryIdentity;
import java.time.Duration;
import java.util.UUID;

/** For flows that must leave memory alone. */
public final class NoMemory implements FlowMemory {
    @Override
    public MemoryConfiguration configuration(String organizationId, MemoryConfiguration.Given flow) {
        throw new AssertionError("memory was used");
    }

    @Override
    public CallerMemory open(MemoryIdentity identity, Assurance assurance, UUID callId, Duration limit) {
        throw new AssertionError("memory was used");
    }

    @Override
    public void store(MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration) {
        throw new AssertionError("memory was used");
    }

    @Override
    public void note(MemoryIdentity identity, String text) {
        throw new AssertionError("memory was used");
    }
}
