package dev.recaller.livekit.room;

import dev.recaller.livekit.ffi.Ffi;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Somebody's audio: 16 kHz mono in frames of 20 ms. Frames wait here between the native core and the reader; when a
 * second's worth waits, the oldest is dropped: late audio is worse than lost audio. One thread reads, any may close.
 */
public final class AudioIn implements AutoCloseable {
    public static final int SAMPLE_RATE = 16_000;
    public static final int FRAME_SAMPLES = SAMPLE_RATE / 50;

    static final int CAPACITY = 50;

    /** What came of waiting for audio. */
    public sealed interface Heard {}

    /**
     * 20 ms of audio.
     *
     * @param samples {@link #FRAME_SAMPLES} of them, the reader's to keep
     * @param receivedNs when it came, by {@link System#nanoTime}
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not copied, and never compared
    public record Frame(short[] samples, long receivedNs) implements Heard {}

    /** Nothing came in time; the network may stand still. */
    public record Nothing() implements Heard {}

    /** No more will come: the track or the room is gone, or this was closed. */
    public record End() implements Heard {}

    private static final Heard NOTHING = new Nothing();
    private static final Heard END = new End();

    private final RoomCounters counters;
    private final Runnable release;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Frame> frames = new ArrayDeque<>(CAPACITY);
    private boolean ended;

    /** @param release gives the native stream back; called once or more */
    AudioIn(RoomCounters counters, Runnable release) {
        this.counters = counters;
        this.release = release;
    }

    /** Waits for the next frame. Frames that came before the end are still read. */
    public Heard next(Duration limit) throws InterruptedException {
        long leftNs = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (frames.isEmpty()) {
                if (ended) {
                    return END;
                }
                if (leftNs <= 0) {
                    return NOTHING;
                }
                leftNs = changed.awaitNanos(leftNs);
            }
            return frames.remove();
        } finally {
            lock.unlock();
        }
    }

    /** Hears no more; gives the native stream back. */
    @Override
    public void close() {
        release.run();
        end();
    }

    Ffi.AudioSink sink() {
        return new Ffi.AudioSink() {
            @Override
            public void frame(short[] samples) {
                offer(samples, System.nanoTime());
            }

            @Override
            public void end() {
                AudioIn.this.end();
            }
        };
    }

    void offer(short[] samples, long receivedNs) {
        counters.framesReceived.increment();
        lock.lock();
        try {
            if (ended) {
                return;
            }
            if (frames.size() == CAPACITY) {
                frames.remove();
                counters.framesOverflowed.increment();
            }
            frames.add(new Frame(samples, receivedNs));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
