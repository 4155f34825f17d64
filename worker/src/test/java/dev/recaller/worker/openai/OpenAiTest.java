package dev.recaller.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.recaller.worker.speech.ProviderException;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.SpeechToText.Transcript;
import dev.recaller.worker.speech.TextToSpeech.Speech;
import dev.recaller.worker.speech.Word;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenAiTest {

    private final FaultyServer server = new FaultyServer();
    private final OpenAi client = server.client();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void refusesToStartWithoutAServerOrAKey() {
        assertThatThrownBy(() -> OpenAi.connect(null, null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sendsTheTurnAsAWavFileWithItsLanguage() throws Exception {
        server.answers(200, "application/json", "{\"text\": \" Hello. \"}");
        assertThat(client.transcription("whisper-1", "de-DE").transcribe(new short[320]))
                .isEqualTo(new Transcript("Hello.", Duration.ZERO));
        assertThat(server.requests)
                .singleElement()
                .asString()
                .contains("RIFF", "turn.wav", "whisper-1")
                .containsPattern("name=\"language\"\\r\n[^\n]*\n\\r\nde\\r\n");
    }

    @Test
    void leavesOutWhatTheServiceItselfHoldsForNoSpeech() throws Exception {
        server.answers(
                200,
                "application/json",
                verbose(
                        segment("My name is John.", -0.3, 0.7, 1.1),
                        segment("Thanks for watching!", -1.2, 0.7, 1.1),
                        segment("I live in Chicago.", -1.2, 0.5, 1.1)));
        assertThat(client.transcription("whisper-1", "en-US")
                        .transcribe(new short[SpeechToText.RATE])
                        .text())
                .isEqualTo("My name is John. I live in Chicago.");
        assertThat(server.requests.getFirst()).contains("verbose_json");
    }

    @Test
    void leavesOutWordsInCirclesButNotACallerWhoRepeatsThem() throws Exception {
        String often = "no ".repeat(20).strip();
        String more = "no ".repeat(200).strip();
        server.answers(200, "application/json", verbose(segment(often, -0.2, 0.1, 3.5)))
                .answers(200, "application/json", verbose(segment(more, -0.2, 0.1, 18)));
        var transcription = client.transcription("whisper-1", "en-US");
        assertThat(transcription.transcribe(new short[6 * SpeechToText.RATE]).text())
                .isEqualTo(often);
        assertThat(transcription.transcribe(new short[6 * SpeechToText.RATE]).text())
                .isEmpty();
    }

    @Test
    void aServiceThatRefusesToTellMoreIsAskedForItsTextInAllCallsFromThenOn() throws Exception {
        server.refuses(400).answers(200, "application/json", "{\"text\": \"Hello.\"}");
        server.answers(200, "application/json", "{\"text\": \"Hello again.\"}");
        assertThat(client.transcription("whisper-1", "en-US")
                        .transcribe(new short[320])
                        .text())
                .isEqualTo("Hello.");
        assertThat(client.transcription("whisper-1", "en-US")
                        .transcribe(new short[320])
                        .text())
                .isEqualTo("Hello again.");
        assertThat(server.requests)
                .hasSize(3)
                .filteredOn(request -> request.contains("verbose_json"))
                .hasSize(1);
    }

    @Test
    void aRequestRefusedForAnotherReasonDoesNotCount() throws Exception {
        var transcription = client.transcription("whisper-1", "en-US");
        assertThat(transcriptionAfter(() -> server.refuses(400).refuses(400))).hasMessageContaining("400");
        server.answers(200, "application/json", verbose(segment("Hello.", -0.3, 0.1, 1)));
        assertThat(transcription.transcribe(new short[320]).text()).isEqualTo("Hello.");
        assertThat(server.requests.getLast()).contains("verbose_json");
    }

    @Test
    void tellsWhenEachWordWasSaidWhereThatIsWantedButNotThoseThatNobodySaid() throws Exception {
        server.answers(
                200,
                "application/json",
                verbose(
                                segment("Hello John.", -0.3, 0.1, 1.1),
                                segment("Thanks for watching!", -1.2, 0.7, 1.1)
                                        .replace("\"start\": 0.0, \"end\": 1.0", "\"start\": 1.0, \"end\": 2.0"))
                        .replaceFirst("}$", """
                        , "words": [ {"word": "Hello", "start": 0.1, "end": 0.4}, {"word": " John.", "start": 0.5, "end": 0.9},
                          {"word": "Thanks", "start": 1.1, "end": 1.3} ] }"""));
        Transcript told = client.transcription("whisper-1", "en-US", true).transcribe(new short[2 * SpeechToText.RATE]);
        assertThat(told.text()).isEqualTo("Hello John.");
        assertThat(told.words())
                .containsExactly(
                        new Word("Hello", 100_000_000, 400_000_000), new Word("John.", 500_000_000, 900_000_000));
        assertThat(server.requests.getFirst()).contains("verbose_json", "timestamp_granularities[]", "word", "segment");
    }

    @Test
    void aServiceThatRefusesToTellWhenWordsWereSaidIsAskedForTheRest() throws Exception {
        server.refuses(400).answers(200, "application/json", verbose(segment("Hello.", -0.3, 0.1, 1)));
        server.answers(200, "application/json", verbose(segment("Hello again.", -0.3, 0.1, 1)));
        assertThat(client.transcription("whisper-1", "en-US", true).transcribe(new short[320]))
                .isEqualTo(new Transcript("Hello.", Duration.ZERO));
        assertThat(client.transcription("whisper-1", "en-US", true)
                        .transcribe(new short[320])
                        .text())
                .isEqualTo("Hello again.");
        assertThat(server.requests)
                .hasSize(3)
                .allMatch(request -> request.contains("verbose_json"))
                .filteredOn(request -> request.contains("timestamp_granularities"))
                .hasSize(1);
    }

    @Test
    void asksOthersThanWhisperForTheirTextOnly() throws Exception {
        server.answers(200, "application/json", "{\"text\": \"Hello.\"}");
        client.transcription("gpt-4o-transcribe", "en-US").transcribe(new short[320]);
        assertThat(server.requests).singleElement().asString().doesNotContain("verbose_json");
    }

    @Test
    void sendsTheBeginningOfALongTurnOnceOnly() throws Exception {
        String words = "{\"text\": \"%s\", \"duration\": 1, \"language\": \"english\", \"segments\": [],"
                + " \"words\": [ {\"word\": \"%s\", \"start\": %s, \"end\": %s} ]}";
        server.answers(200, "application/json", words.formatted("A long story and", "and", 15.5, 16))
                .answers(200, "application/json", words.formatted("its end.", "its", 0.5, 0.7));
        try (var turn = client.transcription("whisper-1", "en-US", true).begin()) {
            turn.add(new short[16 * SpeechToText.RATE]);
            assertThat(turn.transcribe().text()).isEqualTo("A long story and");
            turn.add(new short[SpeechToText.RATE]);
            Transcript whole = turn.transcribe();
            assertThat(whole.text()).isEqualTo("A long story and its end.");
            assertThat(whole.words())
                    .as("each counted from the turn's first audio")
                    .containsExactly(
                            new Word("and", 15_500_000_000L, 16_000_000_000L),
                            new Word("its", 16_200_000_000L, 16_400_000_000L));
        }
        assertThat(server.requests.getLast())
                .as("the rest, the overlap, and what was said before")
                .contains("A long story and")
                .hasSizeBetween(2 * 16_000, 3 * 16_000);
    }

    @Test
    void sendsAShortTurnThatGoesOnAsAWhole() throws Exception {
        server.answers(200, "application/json", "{\"text\": \"My name\"}")
                .answers(200, "application/json", "{\"text\": \"My name is John.\"}");
        try (var turn = client.transcription("whisper-1", "en-US").begin()) {
            turn.add(new short[SpeechToText.RATE]);
            turn.transcribe();
            turn.add(new short[SpeechToText.RATE]);
            assertThat(turn.transcribe().text()).isEqualTo("My name is John.");
        }
        assertThat(server.requests.getLast()).hasSizeGreaterThan(4 * 16_000);
    }

    @Test
    void tellsWhetherAFailureIsWorthRepeatingAndNothingSecret() {
        assertThat(transcriptionAfter(() -> server.refuses(429)))
                .hasMessage("transcription by whisper-1: answered 429 some_code")
                .matches(ProviderException::worthRepeating);
        assertThat(transcriptionAfter(() -> server.refuses(503))).matches(ProviderException::worthRepeating);
        assertThat(transcriptionAfter(() -> server.refuses(404)))
                .hasMessageContaining("404 some_code")
                .matches(failure -> !failure.worthRepeating());
        assertThat(transcriptionAfter(() -> server.refuses(401)))
                .hasMessage("transcription by whisper-1: answered 401, the API key was refused")
                .matches(failure -> !failure.worthRepeating());
        assertThat(transcriptionAfter(() -> server.answers(200, "application/json", "<html>")))
                .hasMessageContaining("not understood");
    }

    @Test
    void givesUpOnAServerThatHangs() {
        server.hangs();
        try (var impatient = server.client(Duration.ofMillis(300))) {
            var failure = catchThrowableOfType(
                    ProviderException.class,
                    () -> impatient.transcription("whisper-1", "en-US").transcribe(new short[320]));
            assertThat(failure).hasMessageContaining("took too long").matches(ProviderException::worthRepeating);
        }
    }

    @Test
    void saysThatNobodyListensThere() {
        try (var nowhere = OpenAi.connect("http://127.0.0.1:1/v1", null)) {
            assertThatThrownBy(() -> nowhere.speech("tts-1", "alloy").speak("Hello."))
                    .isInstanceOf(ProviderException.class)
                    .hasMessage("speech by tts-1: the server cannot be reached");
            nowhere.warmUp();
        }
    }

    @Test
    void theRequestsOfATurnFindTheirConnectionsOpen() throws Exception {
        byte[] models = "{\"object\": \"list\", \"data\": []}".getBytes(StandardCharsets.UTF_8);
        server.answersTogether(3, "application/json", models);
        client.warmUp();
        assertThat(server.connections()).isEqualTo(3);
        server.answersTogether(3, "audio/pcm", new byte[] {1, 0});
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var read = threads.invokeAll(Collections.nCopies(3, () -> {
                try (var speech = client.speech("tts-1", "alloy").speak("Hello.")) {
                    return speech.read(new short[8]);
                }
            }));
            assertThat(read).allSatisfy(samples -> assertThat(samples.get()).isEqualTo(1));
        }
        assertThat(server.requests).hasSize(6);
        assertThat(server.connections()).isEqualTo(3);
    }

    @Test
    void readsSamplesWhateverTheSizeOfTheBuffer() throws Exception {
        server.answers(200, "audio/pcm", new byte[] {1, 0, 2, 0, 3, 0, 4, 0, 5, 0, (byte) 0xff, (byte) 0xff});
        try (var speech = client.speech("tts-1", "alloy").speak("Hello.")) {
            assertThat(samples(speech)).containsExactly(1, 2, 3, 4, 5, -1);
        }
        assertThat(server.requests)
                .singleElement()
                .asString()
                .contains("\"response_format\":\"pcm\"", "\"voice\":\"alloy\"", "\"input\":\"Hello.\"");
    }

    @Test
    void tellsSpeechThatBreaksOffFromSpeechThatEnds() throws Exception {
        server.cuts("audio/pcm", new byte[4_800]);
        try (var speech = client.speech("tts-1", "alloy").speak("Hello.")) {
            var failure = catchThrowableOfType(ProviderException.class, () -> samples(speech));
            assertThat(failure).hasMessageContaining("broke off");
        }
    }

    @Test
    void endsARequestWhoseThreadIsInterrupted() {
        server.hangs();
        var thrown = new AtomicReference<Throwable>();
        var thread = Thread.ofVirtual().start(() -> {
            try {
                client.transcription("whisper-1", "en-US").transcribe(new short[320]);
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        await().until(() -> !server.requests.isEmpty());
        thread.interrupt();
        await().until(() -> thrown.get() != null);
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    private ProviderException transcriptionAfter(Runnable fault) {
        fault.run();
        var failure = catchThrowableOfType(
                ProviderException.class,
                () -> client.transcription("whisper-1", "en-US").transcribe(new short[320]));
        assertThat(failure).isNotNull();
        assertThat(failure.getMessage()).doesNotContain("secret");
        return failure;
    }

    private static String verbose(String... segments) {
        return """
                {"text": "all of it", "language": "english", "duration": 1.5, "segments": [%s]}""".formatted(String.join(",", segments));
    }

    private static String segment(String text, double sureness, double noSpeech, double compression) {
        return """
                {"id": 0, "seek": 0, "start": 0.0, "end": 1.0, "text": " %s", "tokens": [1], "temperature": 0.0,
                 "avg_logprob": %s, "no_speech_prob": %s, "compression_ratio": %s}""".formatted(text, sureness, noSpeech, compression);
    }

    private static int[] samples(Speech speech) throws InterruptedException {
        var buffer = new short[3];
        var all = IntStream.builder();
        for (int count = speech.read(buffer); count >= 0; count = speech.read(buffer)) {
            for (int i = 0; i < count; i++) {
                all.add(buffer[i]);
            }
        }
        return all.build().toArray();
    }
}
