package dev.recaller.worker.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RelayTest {
    private static final int IN = 320;
    private static final int OUT = 240;

    private final Relay relay = new Relay();
    private final short[] frame = new short[OUT];
    private int brought;

    @Test
    void whatOneSaysTheOtherHearsWithoutAGap() {
        bring(3);
        for (int i = 0; i < 500; i++) {
            bring(1);
            assertThat(relay.next(frame)).isTrue();
            assertSmooth();
            assertThat(relay.next(frame)).isTrue();
            assertSmooth();
        }
    }

    @Test
    void waitsUntilThereIsEnoughToGoOnWithoutAGap() {
        bring(1);
        assertThat(relay.next(frame)).isFalse();
        bring(2);
        assertThat(relay.next(frame)).isTrue();
        while (relay.next(frame)) {
            assertSmooth();
        }
        bring(1);
        assertThat(relay.next(frame)).as("after a gap").isFalse();
    }

    @Test
    void whatIsTooLateIsLeftOut() {
        bring(100);
        assertThat(IntStream.range(0, 300).filter(_ -> relay.next(frame)).count())
                .as("frames of 10 ms of two seconds")
                .isEqualTo(12);
    }

    /** Frames of 20 ms of a tone of 500 Hz. */
    private void bring(int frames) {
        for (int i = 0; i < frames; i++) {
            short[] pcm = new short[IN];
            for (int k = 0; k < IN; k++) {
                pcm[k] = (short) (8_000 * Math.sin(2 * Math.PI * 500 * brought++ / 16_000));
            }
            relay.add(pcm);
        }
    }

    private void assertSmooth() {
        int roughest = IntStream.range(1, OUT)
                .map(i -> Math.abs(frame[i] - frame[i - 1]))
                .max()
                .orElseThrow();
        assertThat(roughest).as(Arrays.toString(frame)).isLessThan(1_300);
    }
}
