package dev.recaller.bench.writes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class MeasuredTest {

    @Test
    void tellsRateAndPercentiles() {
        long[] took =
                LongStream.rangeClosed(1, 200).map(ms -> (201 - ms) * 1_000_000).toArray();

        assertThat(Measured.of(took, Duration.ofSeconds(4))).isEqualTo(new Measured(50, 100, 190, 198));
    }

    @Test
    void comparesWithAPeer() {
        assertThat(new Measured(50, 10, 30, 40).relativeTo(new Measured(100, 5, 10, 8)))
                .isEqualTo(new Measured(0.5, 2, 3, 5));
    }

    @Test
    void aLoadStoresEachTurnOfEachCallInOrder() throws InterruptedException {
        var outOfOrder = new AtomicInteger();
        var last = new int[3];
        TurnStore store = (caller, _, turn) -> {
            int expected = last[caller]++ % Script.turns();
            outOfOrder.addAndGet(turn.index() == expected ? 0 : 1);
            Thread.sleep(Duration.ofMillis(1));
        };

        Measured measured = new Load(3, Duration.ZERO).run(store, Duration.ofMillis(200));

        assertThat(outOfOrder).hasValue(0);
        assertThat(Arrays.stream(last)).allMatch(turns -> turns > Script.turns());
        assertThat(measured.p50Ms()).isGreaterThanOrEqualTo(1);
    }
}
