package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.recaller.flow.EndReason;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.LineException;
import dev.recaller.flow.line.Said;
import dev.recaller.worker.fallback.Circuits;
import dev.recaller.worker.fallback.FallbackSpeech;
import dev.recaller.worker.fallback.FallbackTranscription;
import dev.recaller.worker.fallback.LimitedSpeech;
import dev.recaller.worker.fallback.Link;
import dev.recaller.worker.fallback.TimeLimits;
import dev.recaller.worker.openai.FaultyServer;
import dev.recaller.worker.openai.OpenAi;
import dev.recaller.worker.telemetry.Logging;
import dev.recaller.worker.telemetry.ProviderMeters.Operation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What a caller hears of a speech server that fails. The voice detector and the caller's voice are real. */
@Timeout(60)
class PhoneLineFaultsTest {

    private static final byte[] ONE_SECOND = tone();
    private static short[] hello = {};

    private final FaultyServer server = new FaultyServer();
    private final OpenAi client = server.client(Duration.ofSeconds(2));
    private final Circuits circuits = new Circuits(System::nanoTime);
    private final TestCall call = new TestCall(
                    new FallbackTranscription(List.of(new Link<>(
                            "openai/whisper-1",
                            client.transcription("whisper-1", "en-US"),
                            circuits.of("openai", "whisper-1", Operation.TRANSCRIPTION)))),
                    new FallbackSpeech(List.of(new Link<>(
                            "openai/tts-1",
                            new LimitedSpeech(
                                    "openai/tts-1", client.speech("tts-1", "alloy"), TimeLimits.SPEECH.patient()),
                            circuits.of("openai", "tts-1", Operation.SPEECH)))))
            .answered();

    @BeforeAll
    static void record() throws Exception {
        hello = RealSpeech.turn("My name is John.");
    }

    @AfterEach
    void close() {
        call.close();
        circuits.close();
        client.close();
        server.close();
    }

    @Test
    void asksOnceMoreForSpeechThatFailedBeforeItBegan() throws Exception {
        server.refuses(429).answers(200, "audio/pcm", ONE_SECOND);
        assertThat(say("Hello.")).isEqualTo(new Said.Whole("Hello."));
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void asksOnceMoreWhenSpeechIsEmpty() throws Exception {
        server.answers(200, "audio/pcm", new byte[0]).answers(200, "audio/pcm", ONE_SECOND);
        assertThat(say("Hello.")).isEqualTo(new Said.Whole("Hello."));
    }

    @Test
    void givesUpOnSpeechAfterTheSecondFailure() {
        server.refuses(500).refuses(503);
        assertEnds(EndReason.SPEECH_ERROR, () -> say("Hello."));
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void givesUpOnSpeechThatHangs() {
        server.hangs().hangs();
        assertEnds(EndReason.SPEECH_ERROR, () -> say("Hello."));
    }

    @Test
    void doesNotAskAgainWhenTheKeyIsRefused() {
        server.refuses(401);
        assertEnds(EndReason.SPEECH_ERROR, () -> say("Hello."));
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void goesOnAtTheWordWhereSpeechBrokeOffAndSaysNothingTwice() throws Exception {
        server.cuts("audio/pcm", ONE_SECOND).answers(200, "audio/pcm", ONE_SECOND);
        assertThat(say("Hello, and welcome.")).isEqualTo(new Said.Whole("Hello, and welcome."));
        assertThat(server.requests).hasSize(2);
        assertThat(server.requests.getLast()).contains("welcome.").doesNotContain("Hello");
    }

    @Test
    void playsWhatItHasOfSpeechThatBreaksOffAndCannotGoOn() {
        server.cuts("audio/pcm", ONE_SECOND);
        assertEnds(EndReason.SPEECH_ERROR, () -> say("Hello, and welcome."));
        assertThat(call.played.length()).isBetween(12_000, 24_000);
    }

    @Test
    void finishesTheSentenceBeforeAModelsFailureComesOut() {
        server.answers(200, "audio/pcm", ONE_SECOND);
        var broken = new Iterator<String>() {
            private boolean first = true;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public String next() {
                if (!first) {
                    throw new IllegalStateException("the model broke");
                }
                first = false;
                return "One moment.";
            }
        };
        assertThatThrownBy(() -> call.playUntil(call.flow(() -> call.line.say(broken))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the model broke");
        assertThat(call.played.length()).isEqualTo(24_000);
    }

    @Test
    void asksOnceMoreForATranscriptThatFailed() throws Exception {
        server.refuses(500).answers(200, "application/json", "{\"text\": \"My name is John.\"}");
        call.exchange(hello);
        assertThat(call.line.listen(Duration.ofSeconds(20))).isEqualTo(new Heard.Speech("My name is John."));
    }

    @Test
    void givesUpOnTranscriptionAfterTheSecondFailure() throws Exception {
        server.refuses(500).refuses(500);
        call.exchange(hello);
        assertEnds(EndReason.TRANSCRIPTION_ERROR, () -> call.line.listen(Duration.ofSeconds(20)));
    }

    @Test
    void givesUpOnATranscriberThatHangs() throws Exception {
        server.hangs().hangs();
        call.exchange(hello);
        assertEnds(EndReason.TRANSCRIPTION_ERROR, () -> call.line.listen(Duration.ofSeconds(20)));
    }

    @Test
    void playsAPhraseAfterSpeechBroke() throws Exception {
        server.refuses(401);
        assertEnds(EndReason.SPEECH_ERROR, () -> say("Hello."));
        var pcm = new short[4_800];
        Arrays.fill(pcm, (short) 1_000);
        call.playUntil(call.flow(() -> {
            call.line.play(pcm);
            return true;
        }));
        assertThat(call.played.length()).isEqualTo(4_800);
    }

    @Test
    void saysSeveralSentencesAheadOfTime() throws Exception {
        for (int i = 0; i < 3; i++) {
            server.answers(200, "audio/pcm", ONE_SECOND);
        }
        var said = call.playUntil(call.flow(
                () -> call.line.say(List.of("One.", " ", "Two.", "Three.").iterator())));
        assertThat(said).isEqualTo(new Said.Whole("One. Two. Three."));
        assertThat(call.played.length())
                .as("with a pause after each but the last")
                .isEqualTo(3 * 24_000 + 2 * 4_800);
    }

    @Test
    void namesTheCallInTheLogOfWhatFailed() throws Exception {
        server.refuses(429).answers(200, "audio/pcm", ONE_SECOND);
        server.refuses(500).answers(200, "application/json", "{\"text\": \"My name is John.\"}");
        var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        var logged = new ListAppender<ILoggingEvent>();
        logged.start();
        root.addAppender(logged);
        try {
            say("Hello.");
            call.exchange(hello);
            call.line.listen(Duration.ofSeconds(20));
        } finally {
            root.detachAppender(logged);
        }
        assertThat(logged.list)
                .filteredOn(event -> event.getLevel() == Level.WARN)
                .extracting(event -> event.getFormattedMessage().replaceFirst(",.*", "") + " in "
                        + event.getMDCPropertyMap().get(Logging.CALL))
                .containsExactly(
                        "speech of openai/tts-1 failed in " + TestCall.ID,
                        "transcription of openai/whisper-1 failed in " + TestCall.ID);
    }

    private Said say(String text) throws Exception {
        return call.playUntil(call.flow(() -> call.line.say(text)));
    }

    private static void assertEnds(EndReason reason, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        LineException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static byte[] tone() {
        var pcm = ByteBuffer.allocate(2 * 24_000).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 24_000; i++) {
            pcm.putShort((short) (5_000 * Math.sin(2 * Math.PI * 300 * i / 24_000)));
        }
        return pcm.array();
    }
}
