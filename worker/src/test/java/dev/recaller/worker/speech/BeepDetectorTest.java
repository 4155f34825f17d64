package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.worker.openai.OpenAi;
import dev.recaller.worker.phone.Band;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over a telephone's band and G.711. */
class BeepDetectorTest {
    private static final int RATE = SpeechToText.RATE;

    @ParameterizedTest
    @CsvSource({
        "440, 300, 8000",
        "425, 1000, 4000",
        "800, 250, 8000",
        "950, 120, 8000",
        "1000, 100, 8000",
        "1400, 500, 600",
        "2000, 200, 20000"
    })
    void aSteadyToneIsABeepWhereverItBegins(int hertz, int millis, int amplitude) {
        for (int shift = 0; shift < VoiceActivity.WINDOW; shift += 37) {
            short[] line =
                    RealSpeech.joined(new short[8_000 + shift], tone(hertz, millis, amplitude), new short[8_000]);
            assertThat(hears(noisy(line)))
                    .as("%d Hz, shifted by %d", hertz, shift)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"1000, 40, 8000", "300, 500, 8000", "2600, 500, 8000", "1000, 500, 60"})
    void aToneThatIsTooShortTooLowTooHighOrTooSoftIsNone(int hertz, int millis, int amplitude) {
        assertThat(hears(RealSpeech.joined(new short[8_000], tone(hertz, millis, amplitude), new short[8_000])))
                .isFalse();
    }

    @Test
    void twoTonesAtOnceAreNone() {
        short[] one = tone(697, 500, 6_000);
        short[] other = tone(1_209, 500, 6_000);
        for (int i = 0; i < one.length; i++) {
            one[i] = (short) (one[i] + other[i]);
        }
        assertThat(hears(RealSpeech.joined(new short[8_000], one, new short[8_000])))
                .as("key 1")
                .isFalse();
    }

    @Test
    void aGlideIsNone() {
        short[] siren = new short[RATE];
        double angle = 0;
        for (int i = 0; i < siren.length; i++) {
            angle += 2 * Math.PI * (500 + 1_200.0 * i / siren.length) / RATE;
            siren[i] = (short) (8_000 * Math.sin(angle));
        }
        assertThat(hears(siren)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "You have reached the voicemail of John Miller. Please leave a message after the tone.",
                "Hello? Who is there?",
                "Mmmmm. Ooooh, you know, I do not know. Well.",
                "The person you are calling is not available. At the tone, please record your message.",
                "Beep. Boop. Beep."
            })
    void speechIsNone(String words) throws Exception {
        try (OpenAi server = RealSpeech.server()) {
            for (String name : new String[] {"alloy", "onyx"}) {
                short[] said = RealSpeech.said(server.speech("tts-1", name), words);
                assertThat(hears(said)).as(name).isFalse();
            }
        }
    }

    private static boolean hears(short[] sent) {
        short[] line = Band.through(sent, RATE);
        var detector = new BeepDetector();
        for (int at = 0; at + VoiceActivity.WINDOW <= line.length; at += VoiceActivity.WINDOW) {
            detector.step(Arrays.copyOfRange(line, at, at + VoiceActivity.WINDOW));
            if (detector.sounds()) {
                return true;
            }
        }
        return false;
    }

    private static short[] tone(int hertz, int millis, int amplitude) {
        short[] tone = new short[RATE / 1_000 * millis];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (short) (amplitude * Math.sin(2 * Math.PI * hertz * i / RATE));
        }
        return tone;
    }

    /** As on a quiet line. */
    private static short[] noisy(short[] pcm) {
        var random = new Random(7);
        short[] noisy = pcm.clone();
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] = (short) (noisy[i] + 20 * random.nextGaussian());
        }
        return noisy;
    }
}
