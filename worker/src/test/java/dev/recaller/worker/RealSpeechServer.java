package dev.recaller.worker;

import dev.recaller.worker.openai.OpenAi;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.TextToSpeech;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The speech server that {@code bin/test} starts: a caller's voice, and a listener who says what can be heard. */
final class RealSpeechServer implements AutoCloseable {
    private final URI url;
    private final OpenAi openAi;

    private RealSpeechServer(URI url) {
        this.url = url;
        openAi = OpenAi.connect(url.toString(), "local");
    }

    /** Skips the test where there is no server; with {@code CI=true} that is a failure. */
    static RealSpeechServer connect() {
        return new RealSpeechServer(at());
    }

    /** Where it is; else as {@link #connect}. */
    static URI at() {
        String url = System.getenv("OPENAI_BASE_URL");
        if (url == null) {
            String message = "no speech server: set OPENAI_BASE_URL, or run bin/test";
            if (Boolean.parseBoolean(System.getenv("CI"))) {
                Assertions.fail(message);
            }
            Assumptions.abort(message);
        }
        return URI.create(url);
    }

    URI url() {
        return url;
    }

    Map<String, String> environment() {
        return Map.of("OPENAI_BASE_URL", url.toString(), "OPENAI_API_KEY", "local");
    }

    /** A human voice saying this, 24 kHz. */
    short[] voice(String text) throws InterruptedException {
        short[] all = new short[0];
        var buffer = new short[TextToSpeech.RATE];
        try (var spoken = openAi.speech("tts-1", "alloy").speak(text)) {
            for (int count = spoken.read(buffer); count >= 0; count = spoken.read(buffer)) {
                int before = all.length;
                all = Arrays.copyOf(all, before + count);
                System.arraycopy(buffer, 0, all, before, count);
            }
        }
        return all;
    }

    /** What a listener understands: lower case words with one space between them. */
    String words(short[] pcm16k) throws InterruptedException {
        SpeechToText listener = openAi.transcription("whisper-1", "en-US");
        return listener.transcribe(pcm16k)
                .text()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9']+", " ")
                .strip();
    }

    @Override
    public void close() {
        openAi.close();
    }
}
