package dev.recaller.livekit.room;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * The 10 ms clock of all audio we publish: one platform thread, so that neither a busy carrier nor a call's own work
 * delays the audio of others. Outputs come and go on any thread; one thread steps.
 */
final class Pacer {
    static final long FRAME_NS = 10_000_000;

    /** Behind by more than this, the clock starts anew: the callers have heard the gap already. */
    static final long GIVE_UP_NS = 100_000_000;

    /** How soon to look again at an output whose last frame was still under way. */
    static final long RETRY_NS = 1_000_000;

    private final List<AudioOut> outs = new CopyOnWriteArrayList<>();
    private final RoomCounters counters;

    @SuppressWarnings("ThreadPriorityCheck") // helps where the platform heeds it; nothing depends on it
    private final Thread thread = Thread.ofPlatform()
            .daemon()
            .name("livekit-pacer")
            .priority(Thread.MAX_PRIORITY)
            .unstarted(this::run);

    private volatile boolean stopped;
    private boolean running;
    private long nextNs;

    Pacer(RoomCounters counters) {
        this.counters = counters;
    }

    void start() {
        thread.start();
    }

    /** Returns without waiting; a step that has begun goes on. */
    void stop() {
        stopped = true;
        wake();
    }

    void add(AudioOut out) {
        outs.add(out);
        wake();
    }

    /** Has it look at once at what there is to send. */
    void wake() {
        LockSupport.unpark(thread);
    }

    void remove(AudioOut out) {
        outs.remove(out);
    }

    /**
     * Plays what is due at {@code nowNs}, or hurried: at most one frame an output, as the core takes one at a time.
     *
     * @return when to step again, on the same clock; {@link Long#MAX_VALUE}: when an output is added
     */
    long step(long nowNs) {
        if (outs.isEmpty()) {
            running = false;
            return Long.MAX_VALUE;
        }
        if (!running) {
            running = true;
            nextNs = nowNs;
        }
        long behindNs = nowNs - nextNs;
        if (behindNs > GIVE_UP_NS) {
            long frames = behindNs / FRAME_NS;
            counters.framesSkipped.add(frames * outs.size());
            nextNs += frames * FRAME_NS;
        }
        while (nowNs - nextNs >= 0) {
            outs.forEach(AudioOut::due);
            nextNs += FRAME_NS;
        }
        boolean more = false;
        for (AudioOut out : outs) {
            more |= out.send();
        }
        return more ? Math.min(nextNs, nowNs + RETRY_NS) : nextNs;
    }

    private void run() {
        while (!stopped) {
            long dueNs = step(System.nanoTime());
            if (dueNs == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                long waitNs = dueNs - System.nanoTime();
                if (waitNs > 0) {
                    LockSupport.parkNanos(this, waitNs);
                }
            }
        }
    }
}
