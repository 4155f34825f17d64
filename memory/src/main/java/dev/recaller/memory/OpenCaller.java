package dev.recaller.memory;

import dev.recaller.memory.recall.Embedding;
import dev.recaller.memory.recall.Vectors;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A caller loaded for one call, kept as the database has it. */
final class OpenCaller implements CallerMemory {

    /** For how long what was loaded may stand for a database that does not answer: a failover takes less. */
    static final Duration TRUSTED = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(OpenCaller.class);

    /** The part of a recall's limit after which the database counts as silent. */
    private static final double TO_ASK = 0.5;

    /** What a call said of late is vectorized ahead of what only its caller's next search needs. */
    private static final int LATEST = 50;

    private final Recalling recalling;
    private final Vectorizing vectorizing;
    private final MemoryIdentity identity;
    private final CallerRows.Reader reader;
    private final Consumer<Map<UUID, Vectors>> listener = this::made;

    /** Held while rows are read and replaced. */
    private final ReentrantLock reading = new ReentrantLock();

    private volatile LoadedCaller caller;
    private volatile Instant confirmedAt;
    private volatile boolean closed;

    OpenCaller(
            Recalling recalling,
            Vectorizing vectorizing,
            MemoryIdentity identity,
            CallerRows.Reader reader,
            LoadedCaller caller) {
        this.recalling = recalling;
        this.vectorizing = vectorizing;
        this.identity = identity;
        this.reader = reader;
        this.caller = caller;
        this.confirmedAt = caller.rows().readAt();
    }

    /** Indexes beside this thread, learns of vectors from now on, and asks for those that are missing. */
    void follow() {
        Thread.ofVirtual().name("recaller-index").start(caller::prepare);
        vectorizing.listen(listener);
        vectorizing.repair(identity.organizationId(), caller.withoutVectors());
    }

    @Override
    public Assurance assurance() {
        return reader.assurance();
    }

    @Override
    public Recollection recall(Query query, Duration limit) {
        if (query.assurance() != reader.assurance() || !Objects.equals(query.callId(), reader.callId())) {
            throw new IllegalArgumentException("a query of another call or assurance: open the memory anew");
        }
        Deadline deadline = Deadline.in(limit);
        return deadline.run(() -> {
            FutureTask<@Nullable Embedding> embedding = recalling.embedding(query, reader.model(), deadline);
            return current(deadline).recollection(query, () -> deadline.within(embedding), recalling.now());
        });
    }

    @Override
    public void refresh(Duration limit) {
        Deadline deadline = Deadline.in(limit);
        try {
            deadline.<@Nullable Void>run(() -> {
                current(deadline).prepare();
                return null;
            });
        } catch (MemoryException e) {
            LOG.debug("what changed is left to the next recall: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        vectorizing.forget(listener);
        reading.lock();
        try {
            closed = true;
            caller = LoadedCaller.of(CallerRows.NONE, reader.callId());
        } finally {
            reading.unlock();
        }
    }

    /** How many chunks the index holds words of only. */
    int lackingVectors() {
        return caller.withoutVectors().size();
    }

    /** The caller as the database has it, or as it was loaded while the database does not say. */
    private LoadedCaller current(Deadline deadline) {
        if (!lock(deadline.left(TO_ASK))) {
            return trusted(MemoryException.timeout(new TimeoutException("another thread is reading")));
        }
        try {
            if (closed) {
                return caller;
            }
            List<UserMemoryRecord> found;
            try {
                found = recalling.find(identity, deadline.left(TO_ASK));
            } catch (MemoryException e) {
                return trusted(e);
            }
            Instant asked = recalling.now();
            caller = switch (caller.rows().changes(found)) {
                case NONE -> caller;
                case SAID -> said(deadline);
                case REVISED -> recalling.load(identity, reader, deadline.left(1));
            };
            confirmedAt = asked;
            return caller;
        } finally {
            reading.unlock();
        }
    }

    /** With what was said since; a database silent meanwhile leaves what was loaded, which is still true. */
    private LoadedCaller said(Deadline deadline) {
        try {
            LoadedCaller now = recalling.again(identity, caller, reader, deadline.left(1));
            List<UUID> lacking = now.withoutVectors();
            vectorizing.said(identity.organizationId(), lacking.subList(0, Math.min(lacking.size(), LATEST)));
            return now;
        } catch (MemoryException e) {
            return caller;
        }
    }

    private LoadedCaller trusted(MemoryException cause) {
        if (recalling.now().isAfter(confirmedAt.plus(TRUSTED))) {
            throw cause;
        }
        return caller;
    }

    /** Called by the thread that made vectors, which indexes them too. */
    private void made(Map<UUID, Vectors> vectors) {
        add(vectors).prepare();
    }

    private LoadedCaller add(Map<UUID, Vectors> vectors) {
        reading.lock();
        try {
            caller = caller.with(vectors);
            return caller;
        } finally {
            reading.unlock();
        }
    }

    private boolean lock(Duration limit) {
        try {
            return reading.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
