package dev.recaller.sql;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/**
 * UUIDs of version 7: milliseconds, 12 bits that count within one, 62 random bits. Each is greater than the one before,
 * whatever the clock does. Thread safe.
 */
public final class TimeOrderedIds {

    private static final int COUNTER_BITS = 12;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private long last;

    public TimeOrderedIds(InstantSource clock) {
        this.clock = clock;
    }

    public UUID next() {
        long ticks = ticks();
        long high = (ticks >>> COUNTER_BITS) << 16 | 0x7000L | (ticks & 0xfff);
        long low = (random.nextLong() >>> 2) | 1L << 63;
        return new UUID(high, low);
    }

    private synchronized long ticks() {
        last = Math.max(last + 1, clock.millis() << COUNTER_BITS);
        return last;
    }
}
