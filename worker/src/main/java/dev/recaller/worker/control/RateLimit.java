package dev.recaller.worker.control;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** So many requests a second for each key, and twice as many at once after a pause. Any thread. */
final class RateLimit {

    private static final int MOST_KEYS = 10_000;

    private record Bucket(double left, long atNs) {}

    private final double perSecond;
    private final LongSupplier nanoTime;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    /** @param nanoTime as {@link System#nanoTime} */
    RateLimit(double perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
    }

    /** Whether another request is within the limit; then it is counted. */
    boolean take(String key) {
        long now = nanoTime.getAsLong();
        if (buckets.size() > MOST_KEYS) {
            buckets.values().removeIf(bucket -> left(bucket, now) >= 2 * perSecond);
        }
        boolean[] taken = new boolean[1];
        buckets.compute(key, (_, before) -> {
            double left = before == null ? 2 * perSecond : left(before, now);
            taken[0] = left >= 1;
            return new Bucket(taken[0] ? left - 1 : left, now);
        });
        return taken[0];
    }

    private double left(Bucket bucket, long now) {
        return Math.min(2 * perSecond, bucket.left() + (now - bucket.atNs()) * perSecond / 1e9);
    }
}
