package dev.recaller.worker.openai;

import com.openai.client.OpenAIClient;
import com.openai.core.MultipartField;
import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.errors.BadRequestException;
import com.openai.errors.OpenAIException;
import com.openai.errors.UnprocessableEntityException;
import com.openai.models.audio.AudioResponseFormat;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams.TimestampGranularity;
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
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class OpenAiTranscription implements SpeechToText {

    private static final Logger log = LoggerFactory.getLogger(OpenAiTranscription.class);

    /** Samples: 15 s cost a service of one's own about as long as a caller would wait. */
    private static final int LONG_TURN = 15 * RATE;
    /** Samples sent again, for a word on the border. */
    private static final int OVERLAP = RATE * 3 / 10;

    private static final long NANOS_A_SECOND = 1_000_000_000;
    private static final Transcript NOTHING = new Transcript("", Duration.ZERO);

    private final OpenAIClient client;
    private final RequestOptions options;
    private final String model;
    private final String language;
    private final Answer wanted;
    private final Map<String, Answer> told;

    /** What a service is asked to tell, the most first. */
    enum Answer {
        /** And when each word was said. */
        WORDS,
        /** And what it thinks of each part. */
        VERBOSE,
        TEXT;

        Answer less() {
            return this == WORDS ? VERBOSE : TEXT;
        }
    }

    /**
     * Of one call.
     *
     * @param told the most that models tell that refused to tell more, shared by all calls; those that turn out to are added
     */
    OpenAiTranscription(
            OpenAIClient client,
            RequestOptions options,
            String model,
            String locale,
            boolean words,
            Map<String, Answer> told) {
        this.client = client;
        this.options = options;
        this.model = model;
        this.language = Locale.forLanguageTag(locale).getLanguage();
        this.wanted = !WhisperAnswer.isOf(model) ? Answer.TEXT : words ? Answer.WORDS : Answer.VERBOSE;
        this.told = told;
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
        private Transcript settled = NOTHING;
        private Transcript latest = NOTHING;
        private int latestLength;
        private long dropped;

        @Override
        public synchronized void add(short[] pcm) {
            audio.add(pcm);
        }

        @Override
        public Transcript transcribe() throws InterruptedException {
            short[] pcm;
            Transcript before;
            long from;
            synchronized (this) {
                if (latestLength >= LONG_TURN) {
                    settled = joined(settled, latest);
                    int length = audio.length();
                    audio.keepLast(length - latestLength + OVERLAP);
                    dropped += length - audio.length();
                    latestLength = 0;
                }
                pcm = audio.toArray();
                before = settled;
                from = dropped * NANOS_A_SECOND / RATE;
            }
            Transcript transcript = request(pcm, before.text(), from);
            synchronized (this) {
                if (before.equals(settled)) {
                    latest = transcript;
                    latestLength = pcm.length;
                }
            }
            return joined(before, transcript);
        }

        @Override
        public void close() {}
    }

    private static Transcript joined(Transcript before, Transcript after) {
        if (before.text().isEmpty()) {
            return after;
        }
        String text = after.text().isEmpty() ? before.text() : before.text() + " " + after.text();
        var words = Stream.of(before, after).flatMap(part -> part.words().stream());
        return new Transcript(text, words.toList(), after.processing());
    }

    private Transcript request(short[] pcm, String before, long from) throws InterruptedException {
        Answer known = told.getOrDefault(model, wanted);
        Answer first = known.compareTo(wanted) < 0 ? wanted : known;
        try {
            return request(pcm, before, from, first);
        } catch (OpenAIException e) {
            throw Failures.explain(what(), e);
        }
    }

    /** A service that refuses to tell so much is asked for less. */
    private Transcript request(short[] pcm, String before, long from, Answer answer) {
        try {
            return once(pcm, before, from, answer);
        } catch (BadRequestException | UnprocessableEntityException e) {
            if (answer == Answer.TEXT) {
                throw e;
            }
            Answer less = answer.less();
            Transcript transcript = request(pcm, before, from, less);
            if (told.putIfAbsent(model, less) == null) {
                log.info("{} refuses to tell {}: it is asked for {}", model, answer, less);
            }
            return transcript;
        }
    }

    private Transcript once(short[] pcm, String before, long from, Answer answer) {
        var params = TranscriptionCreateParams.builder()
                .model(model)
                .responseFormat(answer == Answer.TEXT ? AudioResponseFormat.JSON : AudioResponseFormat.VERBOSE_JSON)
                .file(MultipartField.<InputStream>builder()
                        .value(new ByteArrayInputStream(wav(pcm)))
                        .filename("turn.wav")
                        .contentType("audio/wav")
                        .build());
        if (answer == Answer.WORDS) {
            params.addTimestampGranularity(TimestampGranularity.SEGMENT)
                    .addTimestampGranularity(TimestampGranularity.WORD);
        }
        if (!language.isEmpty()) {
            params.language(language);
        }
        if (!before.isEmpty()) {
            params.prompt(before);
        }
        try (var response = client.audio().transcriptions().withRawResponse().create(params.build(), options)) {
            return transcript(response.parse(), (double) pcm.length / RATE, from, processing(response.headers()));
        }
    }

    private String what() {
        return "transcription by " + model;
    }

    private Transcript transcript(TranscriptionCreateResponse answer, double seconds, long from, Duration processing) {
        return answer.verbose()
                .map(verbose -> new WhisperAnswer(verbose, seconds))
                .map(told -> new Transcript(told.text(), told.words(from), processing))
                .or(() -> answer.transcription()
                        .map(text -> new Transcript(text.text().strip(), processing)))
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
