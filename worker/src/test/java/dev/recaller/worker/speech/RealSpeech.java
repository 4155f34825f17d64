package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.recaller.worker.openai.OpenAi;
import java.util.Arrays;

/** The speech server that {@code bin/test} starts, and audio made with it. */
public final class RealSpeech {

    private RealSpeech() {}

    /** Skips the test where there is no server; with {@code CI=true} that is a failure. */
    static OpenAi server() {
        String url = System.getenv("OPENAI_BASE_URL");
        String key = System.getenv("OPENAI_API_KEY");
        if (url == null && key == null) {
            String message = "no speech server: set OPENAI_BASE_URL, or run bin/test";
            if (Boolean.parseBoolean(System.getenv("CI"))) {
                fail(message);
            }
            abort(message);
        }
        return OpenAi.connect(url, key);
    }

    /** Somebody says this, as a phone's audio comes in: 16 kHz. */
    static short[] said(TextToSpeech voice, String text) throws InterruptedException {
        return to16k(spoken(voice, text));
    }

    /** Somebody says this and waits for three seconds, for a test whose server says nothing itself. */
    static short[] turn(String text) throws InterruptedException {
        try (var real = server()) {
            return joined(said(real.speech("tts-1", "alloy"), text), silence(3_000));
        }
    }

    static short[] spoken(TextToSpeech voice, String text) throws InterruptedException {
        var pcm = new PcmBuffer();
        var buffer = new short[4_800];
        try (var speech = voice.speak(text)) {
            for (int count = speech.read(buffer); count >= 0; count = speech.read(buffer)) {
                pcm.add(buffer, count);
            }
        }
        return pcm.toArray();
    }

    /** Two of three samples, smoothed before: good enough for a voice. */
    public static short[] to16k(short[] pcm24k) {
        var out = new short[(pcm24k.length - 3) * 2 / 3];
        for (int i = 0; i < out.length; i++) {
            double at = i * 1.5 + 1;
            int left = (int) at;
            double part = at - left;
            out[i] = (short) (smooth(pcm24k, left) * (1 - part) + smooth(pcm24k, left + 1) * part);
        }
        return out;
    }

    static short[] silence(int millis) {
        return new short[16 * millis];
    }

    static short[] joined(short[]... parts) {
        var all = new PcmBuffer();
        Arrays.stream(parts).forEach(all::add);
        return all.toArray();
    }

    static double loudness(short[] pcm) {
        double sum = 0;
        for (short sample : pcm) {
            sum += (double) sample * sample;
        }
        return Math.sqrt(sum / Math.max(1, pcm.length));
    }

    private static double smooth(short[] pcm, int at) {
        return (pcm[at - 1] + 2.0 * pcm[at] + pcm[Math.min(at + 1, pcm.length - 1)]) / 4;
    }
}
