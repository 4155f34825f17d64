package dev.recaller.worker;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Places for calls, as many as may go on at once. Any thread. */
final class Places {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition empty = lock.newCondition();
    private int all;
    private int taken;

    /** @param all from 1 */
    Places(int all) {
        this.all = all;
    }

    boolean take() {
        lock.lock();
        try {
            if (taken >= all) {
                return false;
            }
            taken++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void giveBack() {
        lock.lock();
        try {
            taken--;
            if (taken == 0) {
                empty.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is taken stays so, even if it is more than there are then. */
    void change(int number) {
        lock.lock();
        try {
            all = number;
        } finally {
            lock.unlock();
        }
    }

    int all() {
        lock.lock();
        try {
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** The share that is taken, 0 to 1. */
    double load() {
        lock.lock();
        try {
            return Math.min(1, (double) taken / all);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until none is taken; false when that takes longer. */
    boolean awaitEmpty(long limitNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = limitNanos;
            while (taken > 0 && left > 0) {
                left = empty.awaitNanos(left);
            }
            return taken == 0;
        } finally {
            lock.unlock();
        }
    }
}
