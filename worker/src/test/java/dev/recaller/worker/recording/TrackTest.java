package dev.recaller.worker.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrackTest {

    private static final int FRAME = 320;
    private static final long START = 1_000_000_000_000L;

    private final Track track = new Track(16_000, START);

    @Test
    void framesThatComeABitEarlyOrLateJoinWithoutASeam() {
        var random = new Random(1);
        for (int i = 0; i < 200; i++) {
            add(i + 1, 20 * i + random.nextInt(-20, 40));
        }
        track.finish(0);
        assertThat(taken()).isEqualTo(frames(1, 200));
    }

    @Test
    void whereFramesAreMissingThereIsSilenceOfTheirLength() {
        for (int i = 0; i < 50; i++) {
            add(i + 1, 20 * i);
        }
        for (int i = 100; i < 150; i++) {
            add(i + 1, 20 * i);
        }
        track.finish(0);
        short[] taken = taken();
        assertThat(taken).hasSize(150 * FRAME);
        assertThat(Arrays.copyOfRange(taken, 50 * FRAME, 100 * FRAME)).containsOnly((short) 0);
        assertThat(Arrays.copyOfRange(taken, 100 * FRAME, 150 * FRAME)).isEqualTo(frames(101, 50));
    }

    @Test
    void framesThatWereHeldUpAndComeAtOnceAreNoGap() {
        for (int i = 0; i < 50; i++) {
            add(i + 1, 20 * i);
        }
        for (int i = 50; i < 75; i++) {
            add(i + 1, 1_500);
        }
        for (int i = 75; i < 100; i++) {
            add(i + 1, 20 * i);
        }
        track.finish(0);
        assertThat(taken()).isEqualTo(frames(1, 100));
    }

    @Test
    void whatNobodySaidIsSilenceAsTimePasses() {
        track.passed(START + TimeUnit.SECONDS.toNanos(12));
        assertThat(track.end()).isEqualTo(10 * 16_000);
        add(7, 12_000);
        track.finish(0);
        assertThat(track.end()).isEqualTo(12 * 16_000 + FRAME);
    }

    @Test
    void whatCameBeforeTheStartIsNotThere() {
        add(1, -500);
        add(2, 0);
        track.finish(0);
        assertThat(taken()).isEqualTo(frames(2, 1));
    }

    @Test
    void aClockThatIsFasterOrSlowerIsNeverOffByMoreThanTheTolerance() {
        for (double drift : new double[] {-500e-6, 500e-6}) {
            var hour = new Track(16_000, START);
            var worst = 0.0;
            var frame = new short[FRAME];
            for (int i = 0; i < 180_000; i++) {
                long at = START + (long) (i * 20_000_000L * (1 + drift));
                hour.add(frame, FRAME, at);
                if (hour.has(FRAME)) {
                    hour.take(frame);
                }
                double place = (at - START) / 1e9 * 16_000 + FRAME;
                worst = Math.max(worst, Math.abs(hour.end() - place) / 16);
            }
            assertThat(worst).as("ms, at a drift of %s", drift).isBetween(30.0, 300.0);
            assertThat(Math.abs(hour.end() / 16_000.0 - 3_600 * (1 + drift))).isLessThan(0.3);
        }
    }

    private void add(int value, int millis) {
        track.add(frames(value, 1), FRAME, START + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private short[] taken() {
        short[] all = new short[(int) track.end()];
        track.take(all);
        return all;
    }

    private static short[] frames(int first, int count) {
        var all = new short[count * FRAME];
        for (int i = 0; i < all.length; i++) {
            all[i] = (short) (first + i / FRAME);
        }
        return all;
    }
}
