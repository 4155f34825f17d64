package dev.recaller.worker.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private final AtomicLong now = new AtomicLong();
    private final RateLimit limit = new RateLimit(50, now::get);

    @Test
    void eachKeyHasItsOwnRateAndTwiceAsMuchAtOnceAfterAPause() {
        assertThat(taken("one", 1_000)).isEqualTo(100);
        assertThat(taken("another", 10)).isEqualTo(10);
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
        assertThat(taken("one", 1_000)).isEqualTo(25);
        now.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(taken("one", 1_000)).isEqualTo(100);
    }

    private long taken(String key, int tries) {
        return IntStream.range(0, tries).filter(_ -> limit.take(key)).count();
    }
}
