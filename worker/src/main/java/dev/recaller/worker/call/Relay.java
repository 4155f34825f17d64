package dev.recaller.worker.call;

import dev.recaller.livekit.room.AudioOut;
import dev.recaller.worker.speech.Upsampler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one telephone says, on its way to another. One thread brings it in, the pacer takes it out, and neither waits for the
 * other.
 */
final class Relay {

    /** 40 ms, two frames of what comes in: what it may be late by without a gap. */
    private static final int LEAST = 4;
    /** 120 ms: two clocks are never the same, and what would be later than that is left out. */
    private static final int MOST = 12;

    private final Upsampler upsampler = new Upsampler();
    private final Queue<short[]> frames = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private short[] filling = new short[AudioOut.FRAME_SAMPLES];
    private int filled;
    private boolean flowing;

    /** @param pcm 16 kHz mono */
    void add(short[] pcm) {
        for (short sample : upsampler.add(pcm)) {
            filling[filled++] = sample;
            if (filled == filling.length) {
                filled = 0;
                frames.add(filling);
                waiting.incrementAndGet();
                filling = new short[AudioOut.FRAME_SAMPLES];
            }
        }
    }

    /** The next 10 ms, as {@link dev.recaller.livekit.room.FrameSource}. */
    boolean next(short[] frame) {
        while (waiting.get() > MOST) {
            take();
        }
        flowing = waiting.get() >= (flowing ? 1 : LEAST);
        if (!flowing) {
            return false;
        }
        short[] next = take();
        System.arraycopy(next, 0, frame, 0, next.length);
        return true;
    }

    private short[] take() {
        waiting.decrementAndGet();
        return frames.remove();
    }
}
