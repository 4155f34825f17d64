package dev.recaller.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.recaller.worker.speech.ProviderException;
import dev.recaller.worker.speech.SpeechToText;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RealtimeTranscriptionTest {

    private final RealtimeServer server = new RealtimeServer();
    private final OpenAi client = server.client(Duration.ofSeconds(5));
    private final SpeechToText transcription = client.transcription("realtime:gpt-4o-mini-transcribe", "de-DE");

    @AfterEach
    void close() {
        transcription.close();
        client.close();
        server.close();
    }

    @Test
    void connectsBeforeAnybodySpeaksAndLeavesTheTurnsToUs() {
        await().until(() -> !server.events.isEmpty());
        assertThat(server.handshakes)
                .singleElement()
                .asString()
                .startsWith("GET /v1/realtime?intent=transcription ")
                .containsIgnoringCase("authorization: Bearer sk-very-secret");
        assertThat(server.events.getFirst().toString())
                .contains("session.update", "\"type\":\"transcription\"", "\"turn_detection\":null")
                .contains("\"model\":\"gpt-4o-mini-transcribe\"", "\"language\":\"de\"")
                .contains("\"type\":\"audio/pcm\"", "\"rate\":24000");
    }

    @Test
    void joinsWhatWasSaidBeforeAndAfterAPause() throws Exception {
        server.hears("I would like").hears("an appointment.");
        try (var turn = transcription.begin()) {
            turn.add(second());
            assertThat(turn.transcribe().text()).isEqualTo("I would like");
            turn.add(second());
            assertThat(turn.transcribe().text()).isEqualTo("I would like an appointment.");
            assertThat(turn.transcribe().text()).as("nothing new was said").isEqualTo("I would like an appointment.");
        }
        assertThat(server.commits).hasSize(2).allMatch(pcm -> Math.abs(pcm.length - 24_000) < 50);
    }

    @Test
    void keepsWhatWasCommittedWhenNobodyWaitsAnyMore() throws Exception {
        server.hangs().hears("an appointment.");
        var turn = transcription.begin();
        turn.add(second());
        var interrupted = new AtomicReference<Throwable>();
        var waiting = Thread.ofVirtual().start(() -> {
            try {
                turn.transcribe();
            } catch (Throwable e) {
                interrupted.set(e);
            }
        });
        await().until(() -> server.commits.size() == 1);
        waiting.interrupt();
        await().untilAsserted(() -> assertThat(interrupted.get()).isInstanceOf(InterruptedException.class));
        server.cutAll();
        server.hears("more");
        turn.add(second());
        assertThat(turn.transcribe().text()).isEqualTo("an appointment.");
        assertThat(server.commits.getLast()).as("both seconds, sent again").hasSizeGreaterThan(47_000);
    }

    @Test
    void forgetsWhatNobodyAskedFor() throws Exception {
        try (var noise = transcription.begin()) {
            noise.add(second());
            await().until(() -> !server.events.isEmpty());
            noise.add(second());
        }
        server.hears("Hello.");
        assertThat(transcription.transcribe(second()).text()).isEqualTo("Hello.");
        assertThat(server.commits)
                .singleElement()
                .satisfies(pcm -> assertThat(pcm).hasSizeLessThan(25_000));
    }

    @Test
    void fillsUpWhatIsTooShortForTheServer() throws Exception {
        server.hears("Yes.");
        assertThat(transcription.transcribe(new short[320]).text()).isEqualTo("Yes.");
    }

    @Test
    void sendsTheTurnAgainOnceWhenTheConnectionIsLost() throws Exception {
        server.cuts().hears("My name is John.");
        assertThat(transcription.transcribe(second()).text()).isEqualTo("My name is John.");
        assertThat(server.handshakes).hasSize(2);
        server.cutsAFrame().cuts();
        assertThat(failure()).hasMessageContaining("broke off").matches(ProviderException::worthRepeating);
        assertThat(server.handshakes).hasSize(3);
        server.hears("Hello.");
        assertThat(transcription.transcribe(second()).text()).isEqualTo("Hello.");
    }

    @Test
    void connectsAnewForATurnAfterTheConnectionWasLost() throws Exception {
        await().until(() -> !server.events.isEmpty());
        server.cutAll();
        server.hears("Hello.");
        assertThat(transcription.transcribe(second()).text()).isEqualTo("Hello.");
    }

    @Test
    void asksAgainForWhatTheServerFailedToHear() throws Exception {
        server.failsToHear("overloaded").hears("Hello.");
        try (var turn = transcription.begin()) {
            turn.add(second());
            var failure = catchThrowableOfType(ProviderException.class, turn::transcribe);
            assertThat(failure).hasMessageContaining("overloaded").matches(ProviderException::worthRepeating);
            assertThat(turn.transcribe().text()).isEqualTo("Hello.");
        }
        assertThat(server.commits.getLast()).hasSizeGreaterThan(23_900);
        assertThat(server.handshakes).hasSize(1);
    }

    @Test
    void tellsWhetherAFailureIsWorthRepeatingAndNothingSecret() {
        server.errs("invalid_request_error", "invalid_model");
        assertThat(failure())
                .hasMessage("transcription by gpt-4o-mini-transcribe: the server reported invalid_model")
                .matches(failure -> !failure.worthRepeating());
        server.errs("requests", "rate_limit_exceeded");
        assertThat(failure()).hasMessageContaining("rate_limit_exceeded").matches(ProviderException::worthRepeating);
        server.talksGarbage().talksGarbage();
        assertThat(failure()).hasMessageContaining("not understood").matches(ProviderException::worthRepeating);
    }

    @Test
    void saysThatTheKeyIsRefused() {
        await().until(() -> !server.handshakes.isEmpty());
        server.refuses(401).refuses(401);
        try (var refused = client.transcription("realtime:gpt-4o-transcribe", "en-US")) {
            await().until(() -> server.handshakes.size() == 2);
            assertThat(catchThrowableOfType(ProviderException.class, () -> refused.transcribe(second())))
                    .hasMessage("transcription by gpt-4o-transcribe: answered 401, the API key was refused")
                    .matches(failure -> !failure.worthRepeating());
        }
    }

    @Test
    void survivesThatNobodyAnsweredWhileItRang() throws Exception {
        await().until(() -> !server.handshakes.isEmpty());
        server.refuses(503).hears("Hello.");
        try (var late = client.transcription("realtime:gpt-4o-transcribe", "en-US")) {
            await().until(() -> server.handshakes.size() == 2);
            assertThat(late.transcribe(second()).text()).isEqualTo("Hello.");
        }
    }

    @Test
    void givesUpOnAServerThatHangs() throws Exception {
        try (var impatient = server.client(Duration.ofMillis(300));
                var hasty = impatient.transcription("realtime:gpt-4o-transcribe", "en-US")) {
            server.hangs();
            assertThat(catchThrowableOfType(ProviderException.class, () -> hasty.transcribe(second())))
                    .hasMessageContaining("took too long")
                    .matches(ProviderException::worthRepeating);
            server.hears("Hello.");
            assertThat(hasty.transcribe(second()).text()).isEqualTo("Hello.");
        }
    }

    private ProviderException failure() {
        var failure = catchThrowableOfType(ProviderException.class, () -> transcription.transcribe(second()));
        assertThat(failure).isNotNull();
        assertThat(failure.getMessage()).doesNotContain("secret");
        return failure;
    }

    private static short[] second() {
        return new short[SpeechToText.RATE];
    }
}
