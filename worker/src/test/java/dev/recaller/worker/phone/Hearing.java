package dev.recaller.worker.phone;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** What a telephone has heard, and when the agent speaks in it. Any thread. */
public final class Hearing {
    private static final int LOUD = 500;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final int rate;
    private final BooleanSupplier over;

    // guarded by this
    private short[] heard;
    private int samples;
    private int lastLoud = -1;

    /** Begins to hear; {@code over} says that nothing more will come. */
    public Hearing(int rate, BooleanSupplier over) {
        this.rate = rate;
        this.over = over;
        heard = new short[rate * 60];
    }

    public synchronized void keep(short[] more) {
        if (samples + more.length > heard.length) {
            heard = Arrays.copyOf(heard, heard.length * 2);
        }
        System.arraycopy(more, 0, heard, samples, more.length);
        samples += more.length;
        for (short sample : more) {
            if (Math.abs(sample) > LOUD) {
                lastLoud = samples;
                return;
            }
        }
    }

    public synchronized boolean begun() {
        return samples > 0;
    }

    /** As it was sent. */
    public synchronized short[] all() {
        return Arrays.copyOf(heard, samples);
    }

    public void awaitSpeech() {
        await("the agent's first word").atMost(LIMIT).until(() -> lastLoud() > 0);
    }

    /** Waits until the agent has spoken (more than was heard now) and paused. */
    public void awaitPause() {
        int from = lastLoud();
        await("the agent's words").atMost(LIMIT).until(() -> lastLoud() > from + rate / 4);
        await("the agent's pause")
                .atMost(LIMIT)
                .until(() -> over.getAsBoolean() || samples() - lastLoud() > rate * 7 / 10);
    }

    public Duration silence() {
        return Duration.ofMillis((samples() - lastLoud()) * 1000L / rate);
    }

    private synchronized int lastLoud() {
        return lastLoud;
    }

    private synchronized int samples() {
        return samples;
    }
}
