package dev.recaller.worker.openai;

import com.openai.client.OpenAIClient;
import com.openai.core.MultipartField;
import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.errors.BadRequestException;
import com.openai.errors.OpenAIException;
import com.openai.errors.UnprocessableEntityException;
import com.openai.models.audio.AudioResponseFormat;
import com.openai.models.audio.transcriptions.Transcription;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateResponse;
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
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class OpenAiTranscription implements SpeechToText {

    private static final Logger log = LoggerFactory.getLogger(OpenAiTranscription.class);

    /** Samples: 15 s cost a service of one's own about as long as a caller would wait. */
    private static final int LONG_TURN = 15 * RATE;
    /** Samples sent again, for a word on the border. */
    private static final int OVERLAP = RATE * 3 / 10;

    private final OpenAIClient client;
    private final RequestOptions options;
    private final String model;
    private final String language;
    private final Set<String> plain;

    /** @param plain models known to tell their text only, shared by all calls; those that turn out to are added */
    OpenAiTranscription(OpenAIClient client, RequestOptions options, String model, String locale, Set<String> plain) {
        this.client = client;
        this.options = options;
        this.model = model;
        this.language = Locale.forLanguageTag(locale).getLanguage();
        this.plain = plain;
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
        try {
            if (WhisperAnswer.isOf(model) && !plain.contains(model)) {
                try {
                    return request(pcm, before, AudioResponseFormat.VERBOSE_JSON);
                } catch (BadRequestException | UnprocessableEntityException e) {
                    Transcript transcript = request(pcm, before, AudioResponseFormat.JSON);
                    plain.add(model);
                    log.info("{} tells no more than its text: noise is told from words by the voice alone", model);
                    return transcript;
                }
            }
            return request(pcm, before, AudioResponseFormat.JSON);
        } catch (OpenAIException e) {
            throw Failures.explain(what(), e);
        }
    }

    private Transcript request(short[] pcm, String before, AudioResponseFormat format) {
        var params = TranscriptionCreateParams.builder()
                .model(model)
                .responseFormat(format)
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
        try (var response = client.audio().transcriptions().withRawResponse().create(params.build(), options)) {
            return new Transcript(
                    text(response.parse(), (double) pcm.length / RATE).strip(), processing(response.headers()));
        }
    }

    private String what() {
        return "transcription by " + model;
    }

    private String text(TranscriptionCreateResponse answer, double seconds) {
        return answer.verbose()
                .map(verbose -> WhisperAnswer.words(verbose, seconds))
                .or(() -> answer.transcription().map(Transcription::text))
                .orElseThrow(() -> ProviderException.failed(what() + ": the answer holds no text", null));
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
