package dev.recaller.worker.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.core.Timeout;
import com.openai.errors.OpenAIException;
import com.openai.models.models.ModelListParams;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.memory.extract.Extractor;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.TextToSpeech;
import dev.recaller.worker.speech.VoiceModel;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speech, transcription and chat through one server that speaks OpenAI's HTTP API, with one pool of connections. Safe
 * for use by many calls at once; requests block and end on an interrupt of their (virtual) thread.
 */
public final class OpenAi implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OpenAi.class);

    /**
     * How long a request may take.
     *
     * @param connect until the connection stands
     * @param silence until the first byte, and between two
     * @param whole until the last byte
     */
    record Limits(Duration connect, Duration silence, Duration whole) {
        /** A caller waits. */
        static final Limits IN_CALL = new Limits(Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(60));

        /** Nobody waits, and the answer comes in one piece. */
        static final Limits AFTER_CALL =
                new Limits(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(120));

        RequestOptions options() {
            return RequestOptions.builder()
                    .timeout(Timeout.builder()
                            .connect(connect)
                            .read(silence)
                            .write(silence)
                            .request(whole)
                            .build())
                    .build();
        }
    }

    /** Requests of one turn that overlap. */
    private static final int AT_ONCE = 3;

    /** Before a model's name: its transcripts come over the Realtime API. */
    private static final String REALTIME = "realtime:";

    private final ClientOptions clientOptions;
    private final OpenAIClient client;
    private final Limits limits;
    private final RequestOptions options;
    private final Map<String, OpenAiTranscription.Answer> told = new ConcurrentHashMap<>();

    OpenAi(@Nullable String baseUrl, @Nullable String apiKey, Limits limits) {
        if (baseUrl == null && apiKey == null) {
            throw new IllegalArgumentException("neither a base URL nor an API key for speech is given");
        }
        var builder = ClientOptions.builder()
                .httpClient(OkHttpClient.builder()
                        .maxIdleConnections(32)
                        .keepAliveDuration(Duration.ofMinutes(5))
                        .build())
                .apiKey(apiKey == null ? "local" : apiKey)
                .maxRetries(0);
        if (baseUrl != null) {
            builder.baseUrl(baseUrl);
        }
        clientOptions = builder.build();
        client = new OpenAIClientImpl(clientOptions);
        this.limits = limits;
        options = limits.options();
    }

    /**
     * Opens no connection yet.
     *
     * @param baseUrl for example {@code http://127.0.0.1:8969/v1}; null is OpenAI's own
     * @param apiKey may be null for a server of one's own, which then gets the key "local"
     * @throws IllegalArgumentException when both are null
     */
    public static OpenAi connect(@Nullable String baseUrl, @Nullable String apiKey) {
        return new OpenAi(baseUrl, apiKey, Limits.IN_CALL);
    }

    /**
     * Of one call.
     *
     * @param model with {@code realtime:} before it, audio is sent while the caller speaks, over a connection that is begun
     *     at once and lasts until the close; otherwise each turn as a whole
     * @param locale as BCP 47 has it, {@code en-US}: its language is expected
     */
    public SpeechToText transcription(String model, String locale) {
        return transcription(model, locale, false);
    }

    /**
     * As {@link #transcription(String, String)}.
     *
     * @param words whether to ask when each word was said: of a model that tells, which then may take longer
     */
    public SpeechToText transcription(String model, String locale, boolean words) {
        if (model.startsWith(REALTIME)) {
            return new RealtimeTranscription(clientOptions, limits, model.substring(REALTIME.length()), locale);
        }
        return new OpenAiTranscription(client, options, model, locale, words, told);
    }

    /** A voice for American English. */
    public TextToSpeech speech(String model, String voice) {
        return speech(model, voice, Locale.US);
    }

    /** A voice for texts in this language. */
    public TextToSpeech speech(String model, String voice, Locale locale) {
        return new OpenAiSpeech(client, options, model, voice, locale);
    }

    /**
     * A model that hears and speaks itself, of one call: a connection is begun at once, and lasts until its hearing is closed.
     *
     * @param usage told what each answer cost
     */
    public VoiceModel voiceModel(String model, String voice, TokenUsage usage) {
        return new RealtimeVoice(clientOptions, limits, model, voice, usage);
    }

    /** One model, whichever a request names. */
    public ChatModel chat(String model) {
        return new OpenAiChat(client, options, model);
    }

    /**
     * Reads finished calls; for threads that are in no hurry.
     *
     * @param usage told what an answer cost, be it of use or not
     */
    public Extractor extractor(String model, TokenUsage usage) {
        return extractor(model, usage, Limits.AFTER_CALL);
    }

    Extractor extractor(String model, TokenUsage usage, Limits limits) {
        return new OpenAiExtractor(client, limits.options(), model, usage);
    }

    /**
     * Opens the connections a turn needs at once, one each for transcription, chat and speech, while the phone still rings, so
     * that no turn pays for them; HTTP/2 needs but one. Never fails, blocks for seconds at most.
     */
    public void warmUp() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < AT_ONCE; i++) {
                threads.execute(this::openConnection);
            }
        }
    }

    private void openConnection() {
        try (var _ = client.models().withRawResponse().list(ModelListParams.none(), options)) {
            log.debug("the speech server is reachable");
        } catch (OpenAIException e) {
            log.warn("{}", Failures.describe("asking for the list of models", e));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
