package dev.recaller.flow.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that passes only where a test says so. */
final class StepClock implements InstantSource {

    private volatile Instant now = Instant.parse("2026-11-20T10:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the call's thread makes it pass
    void pass(Duration time) {
        now = now.plus(time);
    }
}
