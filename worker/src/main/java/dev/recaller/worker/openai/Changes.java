package dev.recaller.worker.openai;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A lock whose holder may wait for what another holder changes. */
final class Changes {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    interface Work<T> {
        T run() throws InterruptedException;
    }

    /** Runs this with the lock held, then wakes who waits. */
    void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    <T> T reading(Supplier<T> read) {
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }

    /** Runs this with the lock held; it may {@link #await}. */
    <T> T working(Work<T> work) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return work.run();
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    /**
     * Gives the lock away until this is so.
     *
     * @param until by {@link System#nanoTime}; may move while it is waited for
     * @return false when it was too late
     */
    boolean await(BooleanSupplier condition, LongSupplier until) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            long left = until.getAsLong() - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            long _ = changed.awaitNanos(left);
        }
        return true;
    }
}
