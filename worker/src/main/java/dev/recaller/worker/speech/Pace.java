package dev.recaller.worker.speech;

import java.time.Duration;

/**
 * How long a caller pauses and then goes on, as far as the call has shown: a running mean and mean deviation, as RFC 6298 has
 * them of round trips, with a gain of 1/4 since a call has few of them. Not thread safe.
 */
final class Pace {

    private static final double GAIN = 0.25;

    private double mean;
    private double deviation;

    /** The caller paused for so long, which was not the end. */
    void pausedFor(long millis) {
        deviation += GAIN * (Math.abs(millis - mean) - deviation);
        mean += GAIN * (millis - mean);
    }

    /** The caller said something without a pause. */
    void saidAtOnce() {
        pausedFor(0);
    }

    /** A silence which this caller seldom ends by going on; zero of whom nothing is known. */
    Duration silence() {
        return Duration.ofMillis(Math.round(mean + deviation));
    }
}
