package dev.recaller.bench.writes;

import java.time.Duration;
import java.util.Arrays;

/** One run's figures: turns a second, and how long one took. */
record Measured(double perSecond, double p50Ms, double p95Ms, double p99Ms) {

    /** @param tookNs of each turn */
    static Measured of(long[] tookNs, Duration elapsed) {
        if (tookNs.length == 0) {
            throw new IllegalArgumentException("nothing was stored");
        }
        long[] sorted = tookNs.clone();
        Arrays.sort(sorted);
        return new Measured(
                sorted.length * 1e9 / elapsed.toNanos(),
                percentile(sorted, 50),
                percentile(sorted, 95),
                percentile(sorted, 99));
    }

    private static double percentile(long[] sorted, int percent) {
        int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
        return sorted[Math.max(0, rank - 1)] / 1e6;
    }

    /** How much of the other's rate this is, and how many times as long a turn takes. */
    Measured relativeTo(Measured peer) {
        return new Measured(perSecond / peer.perSecond, p50Ms / peer.p50Ms, p95Ms / peer.p95Ms, p99Ms / peer.p99Ms);
    }
}
