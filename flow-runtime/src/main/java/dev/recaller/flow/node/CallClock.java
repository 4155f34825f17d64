package dev.recaller.flow.node;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** How long a call may still last. For the flow's thread. */
final class CallClock {

    /** So long before its longest time is over the caller is told; shorter calls have no use for it. */
    private static final Duration WARNING = Duration.ofSeconds(30);

    private final InstantSource clock;
    private final Instant deadline;
    private final Instant warningAt;
    private boolean warned;

    CallClock(InstantSource clock, Instant began, Duration longest) {
        this.clock = clock;
        this.deadline = began.plus(longest);
        this.warningAt = deadline.minus(WARNING);
        this.warned = longest.compareTo(WARNING.multipliedBy(2)) <= 0;
    }

    Instant now() {
        return clock.instant();
    }

    /** Whether the longest time is over. */
    boolean timeUp() {
        return !now().isBefore(deadline);
    }

    /** Whether the caller is to be told that it is nearly over; true until {@link #warned}. */
    boolean warningDue() {
        return !warned && !now().isBefore(warningAt);
    }

    void warned() {
        warned = true;
    }

    /** Until so much later, but not past the end, nor past the warning when that is still to come. */
    Instant until(Duration later) {
        return min(now().plus(later), warned ? deadline : warningAt);
    }

    /** What is left of so long a wait, which the end of the call cuts short. */
    Duration left(Instant until) {
        return Duration.between(now(), min(until, deadline));
    }

    private static Instant min(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
