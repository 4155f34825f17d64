package dev.recaller.worker.control;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers of a stream, sent by a thread of its own that waits for who reads them. Made by the handler, before it returns.
 */
final class Streamed<A> {

    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Sends, until nobody reads any more. */
    interface Sending {
        void run() throws InterruptedException;
    }

    private final ServerCallStreamObserver<A> out;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean cancelled;

    Streamed(StreamObserver<A> out) {
        this.out = (ServerCallStreamObserver<A>) out;
        this.out.setOnReadyHandler(this::signal);
        this.out.setOnCancelHandler(this::cancel);
        this.out.setOnCloseHandler(this::cancel);
    }

    /** Begins; the stream ends with it, and with what it throws. */
    void start(Sending work) {
        Context context = Context.current();
        Thread.ofVirtual().name("recaller-control").start(context.wrap(() -> run(work)));
    }

    /** Whether who reads took what was sent, within the limit, or is gone. */
    boolean awaitReady(Duration limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long until = System.nanoTime() + limit.toNanos();
            while (!cancelled && !out.isReady()) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                long _ = changed.awaitNanos(Math.min(left, LOOK_AGAIN_NS));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Sends when the one before was taken; false: nobody reads any more. */
    boolean send(A answer) throws InterruptedException {
        while (!awaitReady(Duration.ofSeconds(1))) {
            // as fast as it is read
        }
        if (!isCancelled()) {
            out.onNext(answer);
        }
        return !isCancelled();
    }

    /** Sends at once. */
    void sendNow(A answer) {
        out.onNext(answer);
    }

    boolean isCancelled() {
        lock.lock();
        try {
            return cancelled;
        } finally {
            lock.unlock();
        }
    }

    private void run(Sending work) {
        try {
            work.run();
            out.onCompleted();
        } catch (InterruptedException | RuntimeException e) {
            if (!isCancelled()) {
                StatusRuntimeException why = Failures.of(e);
                Metadata details = why.getTrailers();
                out.onError(details == null ? why.getStatus().asRuntimeException() : why);
            }
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void cancel() {
        lock.lock();
        try {
            cancelled = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
