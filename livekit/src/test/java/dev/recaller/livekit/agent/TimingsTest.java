package dev.recaller.livekit.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimingsTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void retriesAtOnceThenSlowerWithJitterButNeverSlowerThanTheLimit(long seed) {
        var random = new java.util.Random(seed);

        assertThat(delay(0, random)).isLessThanOrEqualTo(Duration.ofMillis(200));
        assertThat(delay(1, random)).isBetween(Duration.ofMillis(1000), Duration.ofMillis(2200));
        assertThat(delay(3, random)).isBetween(Duration.ofMillis(3000), Duration.ofMillis(6200));
        assertThat(delay(1_000_000, random)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
        assertThat(delay(9, random)).isNotEqualTo(delay(9, random));
    }

    private static Duration delay(int failures, RandomGenerator random) {
        return Timings.DEFAULT.retryDelay(failures, random);
    }
}
