package dev.recaller.worker.openai;

import com.openai.client.OpenAIClient;
import com.openai.core.MultipartField;
import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.errors.OpenAIException;
import com.openai.models.audio.AudioResponseFormat;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import dev.recaller.worker.speech.PcmBuffer;
import dev.recaller.worker.speech.ProviderException;
import dev.recaller.worker.speech.SpeechToText;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

final class OpenAiTranscription implements SpeechToText {

    /** Samples: 15 s cost a service of one's own about as long as a caller would wait. */
    private static final int LONG_TURN = 15 * RATE;
    /** Samples sent again, for a word on the border. */
    private static final int OVERLAP = RATE * 3 / 10;

    private final OpenAIClient client;
    private final RequestOptions options;
    private final String model;
    private final String language;

    OpenAiTranscription(OpenAIClient client, RequestOptions options, String model, String locale) {
        this.client = client;
        this.options = options;
        this.model = model;
        this.language = Locale.forLanguageTag(locale).getLanguage();
    }

    @Override
    public Turn begin() {
        return new WholeTurn();
    }

    /**
     * Sends all audio of a turn each time it is asked: words are understood best in their sentence. Only what was transcribed
     * of a long turn before the caller paused is not sent again.
     */
    private final class WholeTurn implements Turn {
        private final PcmBuffer audio = new PcmBuffer();
        private String settled = "";
        private String latest = "";
        private int latestLength;

        @Override
        public synchronized void add(short[] pcm) {
            audio.add(pcm);
        }

        @Override
        public Transcript transcribe() throws InterruptedException {
            short[] pcm;
            String before;
            synchronized (this) {
                if (latestLength >= LONG_TURN) {
                    settled = joined(settled, latest);
                    audio.keepLast(audio.length() - latestLength + OVERLAP);
                    latestLength = 0;
                }
                pcm = audio.toArray();
                before = settled;
            }
            Transcript transcript = request(pcm, before);
            synchronized (this) {
                if (before.equals(settled)) {
                    latest = transcript.text();
                    latestLength = pcm.length;
                }
            }
            return new Transcript(joined(before, transcript.text()), transcript.processing());
        }

        @Override
        public void close() {}
    }

    private static String joined(String before, String after) {
        return before.isEmpty() || after.isEmpty() ? before + after : before + " " + after;
    }

    private Transcript request(short[] pcm, String before) throws InterruptedException {
        var params = TranscriptionCreateParams.builder()
                .model(model)
                .responseFormat(AudioResponseFormat.JSON)
                .file(MultipartField.<InputStream>builder()
                        .value(new ByteArrayInputStream(wav(pcm)))
                        .filename("turn.wav")
                        .contentType("audio/wav")
                        .build());
        if (!language.isEmpty()) {
            params.language(language);
        }
        if (!before.isEmpty()) {
            params.prompt(before);
        }
        String what = "transcription by " + model;
        try (var response = client.audio().transcriptions().withRawResponse().create(params.build(), options)) {
            var processing = processing(response.headers());
            String text = response.parse()
                    .transcription()
                    .orElseThrow(() -> ProviderException.failed(what + ": the answer holds no text", null))
                    .text();
            return new Transcript(text.strip(), processing);
        } catch (OpenAIException e) {
            throw Failures.explain(what, e);
        }
    }

    private static Duration processing(Headers headers) {
        return Stream.of("X-Processing-Ms", "openai-processing-ms")
                .flatMap(name -> headers.values(name).stream())
                .filter(value -> value.matches("\\d{1,9}"))
                .findFirst()
                .map(value -> Duration.ofMillis(Long.parseLong(value)))
                .orElse(Duration.ZERO);
    }

    static byte[] wav(short[] pcm) {
        int bytes = pcm.length * Short.BYTES;
        var wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(36 + bytes).put(ascii("WAVE"));
        wav.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) 1);
        wav.putInt(RATE)
                .putInt(RATE * Short.BYTES)
                .putShort((short) Short.BYTES)
                .putShort((short) Short.SIZE);
        wav.put(ascii("data")).putInt(bytes);
        wav.asShortBuffer().put(pcm);
        return wav.array();
    }

    private static byte[] ascii(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}
