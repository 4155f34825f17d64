package dev.recaller.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class TimeOrderedIdsTest {

    private static final Instant NOW = Instant.parse("2026-11-02T09:00:00Z");

    @Test
    void growWithTimeAndWithinIt() {
        var ids = new TimeOrderedIds(() -> NOW);
        UUID last = ids.next();
        for (int i = 0; i < 10_000; i++) {
            UUID next = ids.next();
            assertThat(next.toString()).isGreaterThan(last.toString());
            last = next;
        }
        assertThat(last.version()).isEqualTo(7);
        assertThat(last.variant()).isEqualTo(2);
        assertThat(last.getMostSignificantBits() >>> 16).isBetween(NOW.toEpochMilli(), NOW.toEpochMilli() + 10);
    }

    @Test
    void ofTwoMakersAtOneTimeAreDifferent() {
        assertThat(new TimeOrderedIds(() -> NOW).next()).isNotEqualTo(new TimeOrderedIds(() -> NOW).next());
    }
}
