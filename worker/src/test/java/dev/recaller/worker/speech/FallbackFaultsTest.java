package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.engine.FlowRunner;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.LineException;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.memory.Assurance;
import dev.recaller.worker.fallback.Circuits;
import dev.recaller.worker.fallback.FallbackChat;
import dev.recaller.worker.fallback.FallbackSpeech;
import dev.recaller.worker.fallback.FallbackTranscription;
import dev.recaller.worker.fallback.LimitedChat;
import dev.recaller.worker.fallback.LimitedSpeech;
import dev.recaller.worker.fallback.LimitedTranscription;
import dev.recaller.worker.fallback.Link;
import dev.recaller.worker.fallback.TimeLimits;
import dev.recaller.worker.openai.FaultyServer;
import dev.recaller.worker.openai.NoMemory;
import dev.recaller.worker.openai.OpenAi;
import dev.recaller.worker.openai.Streamed;
import dev.recaller.worker.telemetry.ProviderMeters.Operation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every fault of a provider at every stage, with and without a fallback, and what the caller hears of it. Each voice is a
 * tone of its own, so that the recording tells who spoke.
 */
@Timeout(60)
class FallbackFaultsTest {

    private static final int FIRST_VOICE = 300;
    private static final int OTHER_VOICE = 700;
    private static final int APOLOGY = 1_100;

    private static final TimeLimits LIMITS = new TimeLimits(Duration.ofMillis(1_000), Duration.ofMillis(500), 0);
    private static final String WELCOME = "Hello, and welcome to our front desk.";

    private static short[] hello = {};

    private final FaultyServer broken = new FaultyServer();
    private final FaultyServer other = new FaultyServer();
    private final OpenAi first = broken.client();
    private final OpenAi second = other.client();
    private final AtomicLong later = new AtomicLong();
    private final Circuits circuits = new Circuits(() -> System.nanoTime() + later.get());

    @TempDir
    private Path folder;

    enum Fault {
        REFUSED_CONNECTION {
            @Override
            void strike(FaultyServer server, String type, byte[] beginning) {
                server.close();
            }
        },
        SLOW_FIRST_BYTE {
            @Override
            void strike(FaultyServer server, String type, byte[] beginning) {
                server.hangs();
            }
        },
        STALL {
            @Override
            void strike(FaultyServer server, String type, byte[] beginning) {
                server.stalls(type, beginning);
            }
        },
        GARBAGE {
            @Override
            void strike(FaultyServer server, String type, byte[] beginning) {
                server.answers(200, "text/html", "<html>It works!</html>");
            }
        },
        CLOSED_SOCKET {
            @Override
            void strike(FaultyServer server, String type, byte[] beginning) {
                server.cuts(type, beginning);
            }
        },
        TOO_MANY_REQUESTS {
            @Override
            void strike(FaultyServer server, String type, byte[] beginning) {
                server.refuses(429);
            }
        };

        /** Of the next request; all after it fail with status 500. */
        abstract void strike(FaultyServer server, String type, byte[] beginning);

        boolean soundsFirst() {
            return this == STALL || this == CLOSED_SOCKET;
        }
    }

    @BeforeAll
    static void record() throws Exception {
        hello = RealSpeech.turn("My name is John.");
    }

    @AfterEach
    void leavesNothingBehind() {
        circuits.close();
        first.close();
        second.close();
        await("the end of every request")
                .untilAsserted(() -> assertThat(VirtualThreads.names())
                        .noneMatch(name -> name.startsWith("speech by")
                                || name.startsWith("transcription by")
                                || name.startsWith("answer by")
                                || name.startsWith("recovery-")));
        broken.close();
        other.close();
    }

    @ParameterizedTest
    @EnumSource
    void anotherVoiceGoesOnWhereTheFirstFails(Fault fault) throws Exception {
        fault.strike(broken, "audio/pcm", tone(FIRST_VOICE, 500));
        other.answers(200, "audio/pcm", tone(OTHER_VOICE, 1_000)).answers(200, "audio/pcm", tone(OTHER_VOICE, 1_000));
        try (var call = call(List.of(first, second))) {
            assertThat(say(call, WELCOME)).isEqualTo(new Said.Whole(WELCOME));
            assertThat(heard(call, FIRST_VOICE))
                    .isBetween(fault.soundsFirst() ? 200 : 0, fault.soundsFirst() ? 500 : 0);
            assertThat(heard(call, OTHER_VOICE)).isBetween(950, 1_000);
            assertThat(say(call, "How may I help you?")).isEqualTo(new Said.Whole("How may I help you?"));
            assertThat(heard(call, OTHER_VOICE))
                    .as("a voice once changed is kept")
                    .isBetween(1_900, 2_000);
        }
        assertThat(other.requests).hasSize(2);
        assertThat(other.requests.getFirst()).contains("front desk.");
        assertThat(other.requests.getFirst().contains("Hello")).isEqualTo(!fault.soundsFirst());
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnotherVoiceTheCallerHearsTheApologyMadeBefore(Fault fault) throws Exception {
        broken.answers(200, "audio/pcm", tone(APOLOGY, 1_000));
        var phrases = new Phrases(folder);
        phrases.prepare(OwnPhrase.APOLOGY.in(Locale.US), first.speech("tts-1", "alloy"));
        fault.strike(broken, "audio/pcm", tone(FIRST_VOICE, 500));
        try (var call = call(List.of(first))) {
            assertEnds(EndReason.SPEECH_ERROR, () -> say(call, WELCOME));
            call.playUntil(call.flow(() -> {
                call.line.play(phrases.audio(OwnPhrase.APOLOGY.in(Locale.US), voice(List.of(first))));
                return true;
            }));
            assertThat(heard(call, APOLOGY)).isBetween(950, 1_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherServiceUnderstandsWhatTheFirstDoesNot(Fault fault) throws Exception {
        fault.strike(broken, "application/json", "{\"text\": \"My na".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 4; i++) {
            other.answers(200, "application/json", "{\"text\": \"My name is John.\"}");
        }
        try (var call = call(List.of(first, second))) {
            call.exchange(hello);
            assertThat(call.line.listen(Duration.ofSeconds(20))).isEqualTo(new Heard.Speech("My name is John."));
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnotherServiceTheTurnIsLostAndTheCallEnds(Fault fault) throws Exception {
        fault.strike(broken, "application/json", "{\"text\": \"My na".getBytes(StandardCharsets.UTF_8));
        try (var call = call(List.of(first))) {
            call.exchange(hello);
            assertEnds(EndReason.TRANSCRIPTION_ERROR, () -> call.line.listen(Duration.ofSeconds(20)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherModelAnswersAndIsHeardOnce(Fault fault) throws Exception {
        fault.strike(broken, "text/event-stream", Streamed.open(Streamed.text("We are op")));
        other.answers(200, "text/event-stream", Streamed.whole(Streamed.text("We open at nine.")))
                .answers(200, "audio/pcm", tone(OTHER_VOICE, 1_000));
        try (var call = call(List.of(second))) {
            var result = talk(call, "\"first/gpt\", \"chatFallback\": [\"second/gpt\"]");
            call.playSound(1_000);
            call.line.hungUp();
            assertThat(call.playUntil(result).reason()).isEqualTo(EndReason.CALLER_HANGUP);
        }
        assertThat(other.requests).hasSize(2);
        assertThat(other.requests.getLast()).contains("\"input\":\"We open at nine.\"");
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnotherModelTheFlowTakesItsErrorPort(Fault fault) throws Exception {
        fault.strike(broken, "text/event-stream", Streamed.open(Streamed.text("We are op")));
        other.answers(200, "audio/pcm", tone(OTHER_VOICE, 1_000));
        try (var call = call(List.of(second))) {
            var result = call.playUntil(talk(call, "\"first/gpt\""));
            assertThat(result.reason()).isEqualTo(EndReason.AGENT_HANGUP);
            assertThat(heard(call, OTHER_VOICE)).isBetween(950, 1_000);
        }
        assertThat(other.requests).singleElement().asString().contains("\"input\":\"Sorry.\"");
    }

    @Test
    void callsGoStraightToTheFallbackUntilTheFirstWorksAgain() throws Exception {
        for (int i = 0; i < 4; i++) {
            other.answers(200, "audio/pcm", tone(OTHER_VOICE, 500));
        }
        for (int i = 0; i < 2; i++) {
            broken.refuses(503);
            try (var call = call(List.of(first, second))) {
                say(call, WELCOME);
            }
        }
        assertThat(circuits.open()).containsExactly("speech by first/tts-1");
        try (var call = call(List.of(first, second))) {
            say(call, WELCOME);
            assertThat(heard(call, OTHER_VOICE)).isBetween(450, 500);
            assertThat(broken.requests)
                    .as("not asked while its circuit is open")
                    .hasSize(2);

            broken.answers(200, "audio/pcm", tone(FIRST_VOICE, 500));
            later.addAndGet(Duration.ofSeconds(5).toNanos());
            say(call, "One moment.");
            assertThat(heard(call, FIRST_VOICE)).as("who recovers is not heard").isZero();
        }
        await().untilAsserted(() -> assertThat(circuits.open()).isEmpty());
        assertThat(broken.requests).hasSize(3);

        broken.answers(200, "audio/pcm", tone(FIRST_VOICE, 500));
        try (var call = call(List.of(first, second))) {
            say(call, WELCOME);
            assertThat(heard(call, FIRST_VOICE)).isBetween(450, 500);
        }
    }

    @Test
    void aCallThatEndsWhileAProviderHangsDoesNotWaitForIt() throws Exception {
        broken.hangs();
        try (var call = call(List.of(first))) {
            var saying = call.flow(() -> call.line.say("Hello."));
            await().until(() -> !broken.requests.isEmpty());
            assertThat(VirtualThreads.names()).anyMatch(name -> name.startsWith("speech by"));
            call.line.hungUp();
            assertThat(TestCall.result(saying)).isEqualTo(new Said.HungUp(""));
        }
        assertThat(circuits.open()).isEmpty();
    }

    private TestCall call(List<OpenAi> providers) {
        return new TestCall(
                        new FallbackTranscription(providers.stream()
                                .map(provider -> new Link<SpeechToText>(
                                        name(provider) + "/whisper-1",
                                        new LimitedTranscription(
                                                name(provider), provider.transcription("whisper-1", "en-US"), LIMITS),
                                        circuits.of(name(provider), "whisper-1", Operation.TRANSCRIPTION)))
                                .toList()),
                        voice(providers))
                .answered();
    }

    private TextToSpeech voice(List<OpenAi> providers) {
        return new FallbackSpeech(providers.stream()
                .map(provider -> new Link<TextToSpeech>(
                        name(provider) + "/tts-1",
                        new LimitedSpeech(name(provider), provider.speech("tts-1", "alloy"), LIMITS),
                        circuits.of(name(provider), "tts-1", Operation.SPEECH)))
                .toList());
    }

    private Link<ChatModel> model(String name) {
        var provider = name.startsWith("first") ? first : second;
        return new Link<>(
                name,
                new LimitedChat(name, provider.chat("gpt"), LIMITS),
                circuits.of(name(provider), "gpt", Operation.CHAT));
    }

    private String name(OpenAi provider) {
        return provider.equals(first) ? "first" : "second";
    }

    private static Said say(TestCall call, String sentence) throws Exception {
        return call.playUntil(call.flow(() -> call.line.say(sentence)));
    }

    private Future<FlowResult> talk(TestCall call, String models) throws Exception {
        var flow = Flow.parse("""
                { "schemaVersion": 1, "id": "hours", "version": 1, "name": "Hours", "start": "talk",
                  "configuration": { "models": { "chat": %s } },
                  "nodes": [ { "id": "talk", "type": "agent", "prompt": "Be kind.", "exits": { "done": "the caller is finished" } },
                    { "id": "sorry", "type": "hangup", "say": "Sorry." }, { "id": "bye", "type": "hangup" } ],
                  "edges": [ { "from": "talk", "port": "error", "to": "sorry" }, { "from": "talk", "to": "bye" } ] }""".formatted(models));
        var runner = new FlowRunner(
                new NoMemory(), new FallbackChat((name, _) -> model(name)), FlowListener.NONE, FlowStore.NONE);
        return call.flow(() -> runner.run(
                flow, new FlowContext(UUID.randomUUID(), "acme", null, Map.of(), Assurance.ANONYMOUS), call.line));
    }

    private static void assertEnds(EndReason reason, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        LineException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    /** How many milliseconds of this tone the caller heard. */
    private static int heard(TestCall call, int hertz) {
        short[] all = call.played.toArray();
        int found = 0;
        for (int at = 0; at + 240 <= all.length; at += 240) {
            if (isTone(Arrays.copyOfRange(all, at, at + 240), hertz)) {
                found += 10;
            }
        }
        return found;
    }

    /** Ten milliseconds; Goertzel's measure of one frequency against the loudness of all. */
    private static boolean isTone(short[] pcm, int hertz) {
        double real = 0;
        double imaginary = 0;
        double power = 1;
        for (int i = 0; i < pcm.length; i++) {
            double angle = 2 * Math.PI * hertz * i / TextToSpeech.RATE;
            real += pcm[i] * Math.cos(angle);
            imaginary += pcm[i] * Math.sin(angle);
            power += (double) pcm[i] * pcm[i];
        }
        return power > 1e6 && (real * real + imaginary * imaginary) * 2 / pcm.length / power > 0.7;
    }

    private static byte[] tone(int hertz, int millis) {
        int samples = TextToSpeech.RATE / 1_000 * millis;
        var pcm = ByteBuffer.allocate(Short.BYTES * samples).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < samples; i++) {
            pcm.putShort((short) (5_000 * Math.sin(2 * Math.PI * hertz * i / TextToSpeech.RATE)));
        }
        return pcm.array();
    }
}
