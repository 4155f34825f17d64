package dev.recaller.worker.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BandTest {
    @ParameterizedTest
    @CsvSource({
        "24000, 1000, 1",
        "16000, 1000, 1",
        "24000, 3000, 1",
        "24000, 100, 0",
        "24000, 4500, 0",
        "16000, 7000, 0"
    })
    void aLineCarriesSpeechAndNothingBelowOrAbove(int rate, double hertz, double carried) {
        var tone = new short[rate];
        for (int i = 0; i < rate; i++) {
            tone[i] = (short) (10_000 * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        assertThat(level(Band.through(tone, rate)) / level(tone)).isCloseTo(carried, within(0.05));
    }

    @Test
    void everyCodeIsTheCodeOfWhatItMeans() {
        for (int code = 0; code < 256; code++) {
            if (code != 0x7f) { // minus zero
                assertThat(G711.encode(G711.decode((byte) code))).isEqualTo((byte) code);
            }
        }
        assertThat(G711.decode((byte) 0)).as("the table of G.711").isEqualTo((short) -32_124);
        assertThat(G711.decode((byte) 0x80)).isEqualTo((short) 32_124);
        assertThat(G711.encode((short) 0)).isEqualTo((byte) 0xff);
    }

    private static double level(short[] pcm) {
        return Math.sqrt(IntStream.range(0, pcm.length)
                .mapToDouble(i -> (double) pcm[i] * pcm[i])
                .average()
                .orElse(0));
    }
}
