package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.worker.recording.Played;
import dev.recaller.worker.speech.SoundsLike;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls over a real livekit-server whose flow asks for a recording, listened to by transcription. */
@Timeout(180)
class RecordedCallTest {

    private static final String CONSENT = "Please note that this call is recorded.";

    @TempDir
    private static Path folder;

    private static LiveKitServerFixture liveKit;
    private static RunningWorker worker;

    @BeforeAll
    static void start() throws Exception {
        String flow = """
                { "schemaVersion": 1, "id": "%s", "version": 1, "name": "Recorded", "start": "hello",
                  "configuration": { %s },
                  "nodes": [
                    { "id": "hello", "type": "say", "text": "Welcome to the garden center." },
                    { "id": "hear", "type": "listen", "into": "words" },
                    { "id": "thanks", "type": "say", "text": "Thank you, we will water your flowers." },
                    { "id": "bye", "type": "hangup" } ],
                  "edges": [
                    { "from": "hello", "to": "hear" }, { "from": "hear", "to": "thanks" }, { "from": "thanks", "to": "bye" } ] }
                """;
        Path recorded = Files.writeString(
                folder.resolve("recorded.json"),
                flow.formatted(
                        "recorded",
                        "\"recording\": { \"enabled\": true, \"words\": true, \"consent\": \"" + CONSENT + "\" }"));
        liveKit = new LiveKitServerFixture();
        liveKit.start();
        worker = RunningWorker.start(liveKit, recorded);
        worker.addFlow("plain.json", flow.formatted("plain", ""));
    }

    @AfterAll
    static void stop() {
        if (worker != null) {
            worker.close();
        }
        if (liveKit != null) {
            liveKit.close();
        }
    }

    @Test
    void bothSidesAreHeardInTheRecordingAndTheConsentPhraseCameBeforeIt() throws Exception {
        String heard;
        try (var phone = worker.phone("+14155550123").answered()) {
            phone.agentFinishes();
            phone.say(worker.voice("My name is John and I have a question about roses."));
            phone.agentFinishes();
            heard = worker.words(phone.heard());
            phone.awaitHungUp(Duration.ofSeconds(10));
        }
        worker.awaitNoCalls();
        assertThat(heard).is(SoundsLike.words("this call is recorded")).is(SoundsLike.words("welcome to the garden"));

        await("the files").atMost(Duration.ofSeconds(20)).until(() -> files().size() == 2);
        Path audio = files().get(1);
        assertThat(files().toString()).doesNotContain("4155550123");
        Played played = Played.of(Files.readAllBytes(audio));
        JsonNode transcript = JsonMapper.shared().readTree(Files.readString(files().getFirst()));
        String callers = worker.words(played.left());
        String agents = worker.words(played.right());
        assertThat(callers).is(SoundsLike.words("my name is john")).doesNotContain("garden", "flowers");
        assertThat(agents)
                .is(SoundsLike.words("welcome to the garden"))
                .is(SoundsLike.words("water your flowers"))
                .doesNotContain("recorded", "john");
        assertThat(transcript.path("consent").stringValue()).isEqualTo(CONSENT);
        assertThat(transcript
                        .path("turns")
                        .valueStream()
                        .map(turn -> turn.path("speaker").stringValue()))
                .containsExactly("agent", "caller", "agent");
        JsonNode john = transcript.path("turns").get(1);
        short[] there = Arrays.copyOfRange(
                played.left(),
                Math.max(0, john.path("fromMs").intValue() - 300) * 16,
                (john.path("toMs").intValue() + 100) * 16);
        assertThat(worker.words(there)).is(SoundsLike.words("my name is john"));
        JsonNode roses = john.path("words")
                .valueStream()
                .filter(word -> word.path("text").stringValue("").startsWith("rose"))
                .findFirst()
                .orElseThrow();
        short[] word = Arrays.copyOfRange(
                played.left(),
                (roses.path("fromMs").intValue() - 200) * 16,
                (roses.path("toMs").intValue() + 200) * 16);
        assertThat(worker.words(word))
                .as("where the transcript has it")
                .contains("rose")
                .doesNotContain("name", "question");
        assertThat(worker.metrics()).contains("recaller_recordings_total{outcome=\"stored\"} 1.0");
    }

    @Test
    void aFlowThatDoesNotAskForItIsNotRecorded() throws Exception {
        int before = files().size();
        try (var phone =
                worker.phone("+14155550124", "{\"flow\": \"plain.json\"}").answered()) {
            phone.agentFinishes();
            phone.say(worker.voice("I have a question about roses."));
            phone.agentFinishes();
            assertThat(worker.words(phone.heard())).doesNotContain("recorded");
            phone.awaitHungUp(Duration.ofSeconds(10));
        }
        worker.awaitNoCalls();
        assertThat(files().size()).isEqualTo(before);
        assertThat(worker.home().resolve("recordings-unfinished").resolve("default"))
                .satisfiesAnyOf(
                        nothing -> assertThat(nothing).doesNotExist(),
                        nothing -> assertThat(nothing).isEmptyDirectory());
    }

    /** The transcript first. */
    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(worker.home().resolve("recordings"))) {
            return files.filter(file -> file.toString().matches(".*\\.(ogg|json)"))
                    .sorted()
                    .toList();
        }
    }
}
