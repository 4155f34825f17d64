package dev.recaller.worker.speech;

import static dev.recaller.worker.speech.RealSpeech.joined;
import static dev.recaller.worker.speech.RealSpeech.silence;
import static org.assertj.core.api.Assertions.anyOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.line.Heard;
import dev.recaller.worker.openai.OpenAi;
import java.time.Duration;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Nobody speaks, over the real voice detector and the real transcriber; and somebody does, but short or low. */
@Timeout(120)
class NoiseTest {

    private static final int SECONDS = 4;

    private OpenAi server;
    private TextToSpeech voice;
    private TestCall call;

    enum Noise {
        HISS,
        HUM,
        MUSIC,
        COUGH,
        KNOCKS,
        BREATHING;

        short[] audio() {
            IntToDoubleFunction samples = samples(new Random(6));
            var pcm = new short[SECONDS * SpeechToText.RATE];
            for (int i = 0; i < pcm.length; i++) {
                pcm[i] = (short) Math.clamp(samples.applyAsDouble(i), Short.MIN_VALUE, Short.MAX_VALUE);
            }
            return pcm;
        }

        private IntToDoubleFunction samples(Random random) {
            return switch (this) {
                case HISS -> _ -> 3_000 * random.nextGaussian();
                case HUM -> i -> 4_000 * wave(50, i) + 2_000 * wave(150, i) + 800 * wave(250, i);
                case MUSIC ->
                    i -> {
                        double note = 220 * Math.pow(2, (i / 4_000 * 7 % 12) / 12.0);
                        return 2_500
                                * (wave(note, i) + wave(1.25 * note, i) + wave(1.5 * note, i))
                                * (1 - i % 4_000 / 8_000.0);
                    };
                case COUGH ->
                    i -> {
                        int since = i % 16_000;
                        return since < 4_000 ? 9_000 * random.nextGaussian() * Math.exp(-since / 900.0) : 0;
                    };
                case KNOCKS -> i -> 16_000 * wave(170, i % 11_000) * Math.exp(-(i % 11_000) / 350.0);
                case BREATHING -> {
                    var low = new double[1];
                    yield i -> {
                        low[0] += 0.15 * (random.nextGaussian() - low[0]);
                        return 3_500 * low[0] * Math.max(0, wave(0.4, i));
                    };
                }
            };
        }

        private static double wave(double hertz, int sample) {
            return Math.sin(2 * Math.PI * hertz * sample / SpeechToText.RATE);
        }
    }

    @BeforeEach
    void connect() {
        server = RealSpeech.server();
        voice = server.speech("tts-1", "alloy");
        call = new TestCall(server.transcription("whisper-1", "en-US"), voice).answered();
    }

    @AfterEach
    void close() {
        if (server != null) {
            call.close();
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNoTurn(Noise noise) throws Exception {
        call.exchange(joined(silence(300), noise.audio()));
        assertThat(call.silenceUntil(call.flow(() -> call.line.listen(Duration.ofSeconds(6)))))
                .isInstanceOf(Heard.Silence.class);
    }

    @ParameterizedTest
    @CsvSource({"Yes., yes", "No., no now know", "Hello., hello", "John., john"})
    void isATurnThoughShortAndLow(String word, String written) throws Exception {
        short[] quiet = RealSpeech.said(voice, word);
        for (int i = 0; i < quiet.length; i++) {
            quiet[i] = (short) (quiet[i] / 4);
        }
        call.exchange(joined(silence(500), quiet, silence(3_000)));
        assertThat(call.line.listen(Duration.ofSeconds(20)))
                .isInstanceOfSatisfying(
                        Heard.Speech.class,
                        heard -> assertThat(heard.text())
                                .is(anyOf(Stream.of(written.split(" ", -1))
                                        .map(SoundsLike::words)
                                        .toList())));
    }
}
