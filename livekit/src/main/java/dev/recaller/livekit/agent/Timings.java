package dev.recaller.livekit.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The protocol's times.
 *
 * @param registration from connecting to being registered
 * @param ping between pings; two without an answer and the connection is lost
 * @param load between reports of our load
 * @param assignment from accepting an offer to the assignment
 * @param tick how often all this is looked at, and the load for a change between full and available
 * @param retryStep by how much each failed attempt to connect delays the next
 * @param retryLimit the longest such delay
 */
record Timings(
        Duration registration,
        Duration ping,
        Duration load,
        Duration assignment,
        Duration tick,
        Duration retryStep,
        Duration retryLimit) {
    static final Timings DEFAULT = new Timings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMillis(2500),
            Duration.ofMillis(7500),
            Duration.ofMillis(250),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10));

    /** How long to wait after that many failures in a row: none, two steps, four..., with jitter, up to the limit. */
    Duration retryDelay(int failures, RandomGenerator random) {
        long stepMs = retryStep.toMillis();
        long fullMs = Math.min(stepMs * failures, retryLimit.toMillis());
        long jitterMs = random.nextLong(stepMs / 10 + 1);
        return Duration.ofMillis(Math.min(
                fullMs / 2 + (fullMs == 0 ? 0 : random.nextLong(fullMs / 2 + 1)) + jitterMs, retryLimit.toMillis()));
    }
}
