package dev.recaller.flow.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Goes only when somebody lets time pass. */
final class PlayedClock implements InstantSource {

    private Instant now;

    PlayedClock(Instant now) {
        this.now = now;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    synchronized void pass(Duration duration) {
        now = now.plus(duration);
    }
}
