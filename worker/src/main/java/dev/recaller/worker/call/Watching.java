package dev.recaller.worker.call;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One who watches a call. Events wait here for them, {@link #MOST} at most: who is slower than that misses some, is told so,
 * and is told nothing more. The call itself never waits. Read by one thread.
 */
public final class Watching implements AutoCloseable {

    /** More than a minute of the fastest talk, beside the turns that are told first. */
    static final int MOST = 256;

    private final LiveCall call;
    private final BlockingQueue<CallEvent> waiting = new ArrayBlockingQueue<>(MOST);
    private volatile boolean tooSlow;

    Watching(LiveCall call) {
        this.call = call;
    }

    /** The next event; empty when none came within the limit. */
    public Optional<CallEvent> next(Duration limit) throws InterruptedException {
        return Optional.ofNullable(waiting.poll(limit.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Whether events were missed. */
    public boolean isTooSlow() {
        return tooSlow;
    }

    /** Returns at once; false: nothing more is to be told. */
    boolean tell(CallEvent event) {
        tooSlow |= !waiting.offer(event);
        return !tooSlow;
    }

    @Override
    public void close() {
        call.stop(this);
    }
}
