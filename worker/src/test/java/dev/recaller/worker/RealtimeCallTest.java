package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.worker.openai.VoiceServer;
import dev.recaller.worker.openai.VoiceServer.Reply;
import dev.recaller.worker.speech.RealSpeech;
import dev.recaller.worker.speech.SoundsLike;
import dev.recaller.worker.speech.SpeechToText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls over a real livekit-server with a model that hears and speaks: real voices, real ears, the API's strictness. */
@Timeout(180)
class RealtimeCallTest {

    @TempDir
    private static Path folder;

    private static LiveKitServerFixture liveKit;
    private static RealSpeechServer speech;
    private static VoiceServer server;
    private static RunningWorker worker;
    private static short[] question;

    @BeforeAll
    static void start() throws Exception {
        speech = RealSpeechServer.connect();
        server = new VoiceServer(speech.url(), RealtimeCallTest::think);
        Path flow = Files.writeString(folder.resolve("garden.json"), """
                { "schemaVersion": 1, "id": "garden", "version": 1, "name": "Garden", "start": "recall",
                  "configuration": { "models": { "realtime": "gpt-realtime" }, "memory": { "autoStore": true } },
                  "variables": { "caller": { "type": "recollection" } },
                  "nodes": [
                    { "id": "recall", "type": "memory_recall", "into": "caller", "timeoutMs": 1000 },
                    { "id": "hello", "type": "say", "text": "Welcome to the garden center." },
                    { "id": "talk", "type": "agent", "prompt": "You sell flowers.",
                      "exits": { "done": "the caller is finished" } },
                    { "id": "sorry", "type": "say", "text": "Something went wrong, please call again." },
                    { "id": "bye", "type": "hangup", "say": "Have a nice day." } ],
                  "edges": [
                    { "from": "recall", "to": "hello" }, { "from": "hello", "to": "talk" },
                    { "from": "talk", "port": "error", "to": "sorry" }, { "from": "sorry", "to": "bye" },
                    { "from": "talk", "to": "bye" } ] }
                """);
        liveKit = new LiveKitServerFixture();
        liveKit.start();
        worker = RunningWorker.start(liveKit, flow, server.url());
        question = worker.voice("How are your roses?"); // who only then looks for words is asked whether they are there
    }

    private static Reply think(short[] callers) throws InterruptedException {
        String words = speech.words(RealSpeech.to16k(callers));
        if (words.contains("story")) {
            return say("Once upon a time there was a little rose that grew behind the house of an old gardener. "
                    + "Every morning he came with a can of water and told her about the weather in the mountains.");
        }
        return words.contains("ros")
                ? say("The roses are blooming in the garden.")
                : Reply.of("", new VoiceServer.Call("done", "{}"));
    }

    private static Reply say(String words) throws InterruptedException {
        return Reply.of(words, speech.voice(words));
    }

    @AfterAll
    static void stop() {
        if (worker != null) {
            worker.close();
        }
        if (server != null) {
            server.close();
        }
        if (liveKit != null) {
            liveKit.close();
        }
        if (speech != null) {
            speech.close();
        }
    }

    @Test
    void aCallerTalksWithTheModelWhichLeavesByAnExitAndRemembersThemTheNextTime() throws Exception {
        String number = "+14155550141";
        short[] goodbye = worker.voice("Thank you very much, goodbye.");
        try (var phone = worker.phone(number).answered()) {
            phone.agentFinishes();
            phone.say(question);
            phone.agentFinishes();
            assertThat(worker.words(phone.heard()))
                    .is(SoundsLike.words("welcome to the garden"))
                    .is(SoundsLike.words("roses are blooming"));
            phone.say(goodbye);
            phone.agentFinishes();
            assertThat(worker.words(phone.heard())).is(SoundsLike.words("have a nice day"));
            phone.awaitHungUp(Duration.ofSeconds(10));
        }
        worker.awaitNoCalls();
        assertThat(server.conversation()).hasSize(5);
        assertThat(server.conversation().get(0)).isEqualTo("agent: Welcome to the garden center.");
        assertThat(server.conversation().get(1)).matches("caller \\d{4} ms");
        assertThat(server.conversation().get(2)).matches("agent \\d{4} ms: The roses are blooming in the garden.");
        assertThat(server.conversation().get(3)).matches("caller \\d{4} ms");
        assertThat(server.conversation().get(4)).isEqualTo("call: done {}");
        assertThat(worker.metrics())
                .containsPattern("recaller_provider_seconds_count\\{[^}]*operation=\"realtime\",outcome=\"ok\"");

        try (var phone = worker.phone(number).answered()) {
            phone.agentFinishes();
            phone.say(question);
            phone.agentFinishes();
            assertThat(server.instructions())
                    .contains("Remembered of this caller")
                    .contains("The roses are blooming");
            phone.hangUp();
        }
        worker.awaitNoCalls();
        assertThat(server.errors).isEmpty();
    }

    @Test
    void aCallerWhoInterruptsIsAnsweredAndTheModelKnowsNoMoreThanWasHeard() throws Exception {
        short[] wish = worker.voice("Please tell me a story.");
        try (var phone = worker.phone("+14155550142").answered()) {
            phone.agentFinishes();
            phone.say(wish);
            await("the story")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> server.conversation().size() == 3);
            await("its beginning")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> phone.silence().toMillis() < 100);
            int begun = phone.heard().length;
            await("a second and a half of it")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> phone.heard().length > begun + SpeechToText.RATE * 3 / 2);
            phone.say(question);
            await("the cut")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !server.ofType("conversation.item.truncate").isEmpty());
            phone.agentFinishes();
            assertThat(worker.words(phone.heard()))
                    .is(SoundsLike.words("once upon a time"))
                    .is(SoundsLike.words("roses are blooming"))
                    .doesNotContain("mountains");
            assertThat(server.conversation().get(2)).matches("agent \\d{3,4} ms");
            assertThat(server.conversation().getLast()).contains("The roses are blooming in the garden.");
            phone.hangUp();
        }
        worker.awaitNoCalls();
        assertThat(server.errors).isEmpty();
    }

    @Test
    void aModelThatIsLostForGoodTakesTheNodesErrorWhenNobodyElseCanAnswer() throws Exception {
        try (var phone = worker.phone("+14155550143").answered()) {
            phone.agentFinishes();
            server.refuses(503).refuses(503).refuses(503);
            server.cutAll();
            phone.say(question);
            phone.agentFinishes();
            assertThat(worker.words(phone.heard())).is(SoundsLike.words("something went wrong"));
            phone.awaitHungUp(Duration.ofSeconds(10));
        }
        worker.awaitNoCalls();
        assertThat(worker.metrics())
                .containsPattern("recaller_calls_total\\{end_reason=\"agent_hangup\",flow=\"garden\"");
    }
}
