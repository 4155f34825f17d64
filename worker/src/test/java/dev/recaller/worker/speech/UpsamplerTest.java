package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpsamplerTest {

    @ParameterizedTest
    @ValueSource(ints = {100, 1_000, 3_400, 6_000})
    void keepsATone(int hertz) {
        short[] out = new Upsampler().add(tone(hertz, 16_000));
        short[] wanted = tone(hertz, 24_000);
        assertThat(out.length).isBetween(23_950, 24_000);
        assertThat(IntStream.range(100, out.length)
                        .map(i -> Math.abs(out[i] - wanted[i]))
                        .max()
                        .orElseThrow())
                .as("40 dB below the tone")
                .isLessThan(100);
    }

    @Test
    void makesTheSameOfPiecesOfAnySize() {
        short[] tone = tone(440, 16_000);
        var pieces = new Upsampler();
        var joined = new PcmBuffer();
        for (int from = 0, size = 1; from < tone.length; from += size, size = size % 700 + 1) {
            joined.add(pieces.add(Arrays.copyOfRange(tone, from, Math.min(from + size, tone.length))));
        }
        assertThat(joined.toArray()).isEqualTo(new Upsampler().add(tone));
    }

    private static short[] tone(int hertz, int rate) {
        var pcm = new short[rate];
        for (int i = 0; i < rate; i++) {
            pcm[i] = (short) Math.round(10_000 * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        return pcm;
    }
}
