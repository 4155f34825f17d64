package dev.recaller.worker.fallback;

import dev.recaller.worker.speech.ProviderException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a provider sends, taken by a thread of its own, so that its user need not wait longer than it wants to. Read by
 * one thread, closed by any.
 */
final class Fetched<T> implements AutoCloseable {

    /** Pieces that may wait for their reader; then the provider waits. */
    private static final int AHEAD = 64;

    /** Runs until there is no more, it fails, or its thread is interrupted. */
    interface Source<T> {
        void fetch(Sink<T> sink) throws InterruptedException;
    }

    interface Sink<T> {
        void put(T piece) throws InterruptedException;
    }

    private final String what;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<T> ready = new ArrayDeque<>();
    private final Thread thread;
    private boolean ended;
    private @Nullable RuntimeException failure;

    Fetched(String what, Source<T> source) {
        this.what = what;
        thread = Thread.ofVirtual().name(what).start(() -> run(source));
    }

    /**
     * The next piece, empty at the end.
     *
     * @throws ProviderException when none came in time
     * @throws RuntimeException what the source failed with, after all that came before
     */
    Optional<T> next(Duration limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = limit.toNanos();
            while (ready.isEmpty() && !ended) {
                if (left <= 0) {
                    throw ProviderException.late(what + ": nothing came for " + limit.toMillis() + " ms", null);
                }
                left = changed.awaitNanos(left);
            }
            if (ready.isEmpty() && failure != null) {
                throw failure;
            }
            changed.signalAll();
            return Optional.ofNullable(ready.pollFirst());
        } finally {
            lock.unlock();
        }
    }

    /** Ends the request, and a wait for it. Does not wait for its thread. */
    @Override
    public void close() {
        end(ProviderException.failed(what + ": nobody waits for it any more", null));
        thread.interrupt();
    }

    private void run(Source<T> source) {
        try {
            source.fetch(this::put);
            end(null);
        } catch (InterruptedException e) {
            end(ProviderException.failed(what + ": the request was ended", e));
        } catch (RuntimeException e) {
            end(e);
        }
    }

    private void put(T piece) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (ready.size() >= AHEAD && !ended) {
                changed.await();
            }
            ready.addLast(piece);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end(@Nullable RuntimeException why) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = why;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
