package dev.recaller.bench.recall;

import java.util.Arrays;

/** How long one run's operations took, in milliseconds. */
record Figures(int count, double p50, double p95, double p99) {

    static Figures of(long[] tookNs) {
        long[] sorted = tookNs.clone();
        Arrays.sort(sorted);
        return new Figures(sorted.length, percentile(sorted, 50), percentile(sorted, 95), percentile(sorted, 99));
    }

    private static double percentile(long[] sorted, int percent) {
        int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
        return sorted[Math.max(0, rank - 1)] / 1e6;
    }
}
