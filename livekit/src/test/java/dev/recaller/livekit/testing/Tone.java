package dev.recaller.livekit.testing;

import dev.recaller.livekit.room.AudioOut;
import dev.recaller.livekit.room.FrameSource;
import java.util.concurrent.atomic.AtomicInteger;

/** A sine, and how much of it is in what was heard. */
public final class Tone implements FrameSource {
    private static final double AMPLITUDE = 8000;

    private final double hertz;
    private final AtomicInteger frames = new AtomicInteger();
    private volatile boolean playing = true;

    public Tone(double hertz) {
        this.hertz = hertz;
    }

    @Override
    public boolean next(short[] frame) {
        if (!playing) {
            return false;
        }
        int start = frames.getAndIncrement() * frame.length;
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (short) (AMPLITUDE * Math.sin(2 * Math.PI * hertz * (start + i) / AudioOut.SAMPLE_RATE));
        }
        return true;
    }

    /** Frames given so far. */
    public int frames() {
        return frames.get();
    }

    public void stop() {
        playing = false;
    }

    /** The share of the signal's energy at {@code hertz}, 0 to 1 (Goertzel); 0 for silence. */
    public static double share(short[] samples, int sampleRate, double hertz) {
        double coefficient = 2 * Math.cos(2 * Math.PI * hertz / sampleRate);
        double previous = 0;
        double beforePrevious = 0;
        double energy = 0;
        for (short sample : samples) {
            double next = sample + coefficient * previous - beforePrevious;
            beforePrevious = previous;
            previous = next;
            energy += (double) sample * sample;
        }
        double power = previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious;
        return energy == 0 ? 0 : 2 * power / (samples.length * energy);
    }

    /** Root mean square. */
    public static double level(short[] samples) {
        double energy = 0;
        for (short sample : samples) {
            energy += (double) sample * sample;
        }
        return Math.sqrt(energy / samples.length);
    }
}
