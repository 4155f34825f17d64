package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VoiceActivityTest {

    @Test
    void hearsASyntheticVoice() throws Exception {
        try (var server = RealSpeech.server()) {
            short[] said = RealSpeech.said(server.speech("tts-1", "alloy"), "My name is John and I live in Chicago.");
            assertThat(share(said)).isGreaterThan(0.6);
        }
    }

    @Test
    void hearsNoVoiceInSilence() throws Exception {
        assertThat(share(RealSpeech.silence(5_000))).isZero();
    }

    @Test
    void hearsNoVoiceInNoise() throws Exception {
        var random = new Random(1);
        var noise = new short[5 * 16_000];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (short) (random.nextGaussian() * 300);
        }
        assertThat(share(noise)).isLessThan(0.02);
    }

    @Test
    void hearsNoVoiceInADialTone() throws Exception {
        var tone = new short[5 * 16_000];
        for (int i = 0; i < tone.length; i++) {
            double t = 2 * Math.PI * i / 16_000;
            tone[i] = (short) (3_000 * (Math.sin(350 * t) + Math.sin(440 * t)));
        }
        assertThat(share(tone)).isLessThan(0.05);
    }

    @Test
    void keepsTheStreamsOfTwoCallsApart() throws Exception {
        try (var server = RealSpeech.server();
                var alone = TestCall.VOICE_ACTIVITY.stream();
                var one = TestCall.VOICE_ACTIVITY.stream();
                var other = TestCall.VOICE_ACTIVITY.stream()) {
            short[] said = RealSpeech.said(server.speech("tts-1", "alloy"), "My name is John.");
            for (int at = 0; at + 512 <= said.length; at += 512) {
                short[] window = Arrays.copyOfRange(said, at, at + 512);
                float expected = alone.probability(window);
                other.probability(new short[512]);
                assertThat(one.probability(window)).isEqualTo(expected);
            }
        }
    }

    /** How much of the audio is a voice, 0 to 1. */
    private static double share(short[] pcm) throws Exception {
        try (var stream = TestCall.VOICE_ACTIVITY.stream()) {
            int windows = pcm.length / 512;
            var voiced = new boolean[windows];
            for (int i = 0; i < windows; i++) {
                voiced[i] = stream.probability(Arrays.copyOfRange(pcm, 512 * i, 512 * i + 512)) >= 0.5f;
            }
            return IntStream.range(0, windows).filter(i -> voiced[i]).count() / (double) windows;
        }
    }
}
