package dev.recaller.flow.engine;

import dev.recaller.flow.node.FlowMemory;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.CallerMemory;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryException;
import dev.recaller.memory.MemoryIdentity;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The real memory behind a connection that fails or hangs when told to. */
final class FaultyMemory implements FlowMemory {

    private final FlowMemory real;
    /** How often a caller's memory was asked for. */
    final AtomicInteger opened = new AtomicInteger();

    private final AtomicInteger storesToFail = new AtomicInteger();
    private volatile boolean unreachable;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    FaultyMemory(FlowMemory real) {
        this.real = real;
    }

    FaultyMemory failingStores(int count) {
        storesToFail.set(count);
        return this;
    }

    FaultyMemory unreachable() {
        unreachable = true;
        return this;
    }

    /** Until {@link #answer} nothing answers. */
    FaultyMemory hanging() {
        gate = new CountDownLatch(1);
        return this;
    }

    void answer() {
        gate.countDown();
    }

    @Override
    public MemoryConfiguration configuration(String organizationId, MemoryConfiguration.Given flow) {
        pass();
        return real.configuration(organizationId, flow);
    }

    @Override
    public CallerMemory open(MemoryIdentity identity, Assurance assurance, UUID callId, Duration limit) {
        opened.incrementAndGet();
        pass();
        return real.open(identity, assurance, callId, limit);
    }

    @Override
    public void store(MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration) {
        pass();
        if (storesToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw MemoryException.unavailable(new IllegalStateException("connection reset"));
        }
        real.store(identity, conversation, configuration);
    }

    @Override
    public void note(MemoryIdentity identity, String text) {
        pass();
        real.note(identity, text);
    }

    private void pass() {
        if (unreachable) {
            throw MemoryException.unavailable(new IllegalStateException("connection refused"));
        }
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw MemoryException.timeout(e);
        }
    }
}
