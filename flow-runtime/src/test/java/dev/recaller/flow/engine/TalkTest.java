package dev.recaller.flow.engine;

import static dev.recaller.flow.EndReason.AGENT_HANGUP;
import static dev.recaller.flow.EndReason.CALLER_HANGUP;
import static dev.recaller.flow.EndReason.FLOW_ERROR;
import static dev.recaller.flow.EndReason.MAX_DURATION;
import static dev.recaller.flow.EndReason.SILENCE;
import static dev.recaller.flow.EndReason.SPEECH_ERROR;
import static dev.recaller.flow.EndReason.TRANSCRIPTION_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.line.LineException;
import dev.recaller.memory.Turn;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Talking and routing; nobody here has an identity, so no memory is touched. */
class TalkTest {

    private static final String ASKS = """
            {
              "schemaVersion": 1, "id": "asks", "version": 1, "name": "Asks", "start": "ask",
              "configuration": { "maxCallSeconds": 60 },
              "variables": { "count": { "type": "integer", "default": 0 } },
              "nodes": [
                { "id": "ask", "type": "say", "text": "Hello. What do you want?" },
                { "id": "hear", "type": "listen", "into": "wish" },
                { "id": "choose", "type": "condition" },
                { "id": "more", "type": "set", "values": { "count": "count + 1" } },
                { "id": "repeat", "type": "say", "text": "You said {{wish}}. Number {{count}}." },
                { "id": "bye", "type": "hangup", "say": "Goodbye." }
              ],
              "edges": [
                { "from": "ask", "to": "hear" },
                { "from": "hear", "to": "choose" },
                { "from": "choose", "to": "bye", "when": "wish == 'bye' || wish == '9'" },
                { "from": "choose", "to": "more" },
                { "from": "more", "to": "repeat" },
                { "from": "repeat", "to": "hear" }
              ],
              "global": [ { "on": "dtmf", "digits": "0", "to": "bye" } ]
            }
            """;

    private static final String SILENT_NOWHERE = ASKS.replace(
            "{ \"from\": \"hear\", \"to\": \"choose\" }",
            "{ \"from\": \"hear\", \"port\": \"heard\", \"to\": \"choose\" }, { \"from\": \"hear\", \"port\": \"dtmf\", \"to\":"
                    + " \"choose\" }, { \"from\": \"hear\", \"port\": \"silence\", \"to\": \"bye\" }");

    @Test
    void talksUntilTheFlowHangsUp() throws InterruptedException {
        var call = Scenario.flow(ASKS).hears(" tea ").hears("bye").run();
        assertThat(call.said())
                .containsExactly("Hello.", "What do you want?", "You said tea.", "Number 1.", "Goodbye.");
        assertThat(call.result().path())
                .containsExactly("ask", "hear", "choose", "more", "repeat", "hear", "choose", "bye");
        assertThat(call.result().reason()).isEqualTo(AGENT_HANGUP);
        assertThat(call.hungUpByAgent()).isTrue();
        assertThat(call.turns())
                .extracting(Turn::text)
                .containsExactly("Hello. What do you want?", "tea", "You said tea. Number 1.", "bye", "Goodbye.");
    }

    @Test
    void theCallerHangingUpEndsTheFlowFromAnywhere() throws InterruptedException {
        assertThat(Scenario.flow(ASKS).hangsUpAfter(1).run().result().reason()).isEqualTo(CALLER_HANGUP);
        assertThat(Scenario.flow(ASKS).run().result().reason()).isEqualTo(CALLER_HANGUP);
        var call = Scenario.flow(ASKS).hears("tea").hangsUpAfter(2).run();
        assertThat(call.result().reason()).isEqualTo(CALLER_HANGUP);
        assertThat(call.hungUpByAgent()).isFalse();
        assertThat(call.turns()).extracting(Turn::text).containsExactly("Hello. What do you want?", "tea", "You said");
    }

    @Test
    void asksTwiceBeforeItTakesTheWayOfSilence() throws InterruptedException {
        var call = Scenario.flow(SILENT_NOWHERE).silence().silence().silence().run();
        assertThat(call.said())
                .containsExactly(
                        "Hello.", "What do you want?", "Are you still there?", "Are you still there?", "Goodbye.");
        assertThat(call.result().reason()).isEqualTo(AGENT_HANGUP);
    }

    @Test
    void anAnswerAfterThePromptIsAnAnswer() throws InterruptedException {
        assertThat(Scenario.flow(SILENT_NOWHERE).silence().hears("bye").run().said())
                .containsExactly("Hello.", "What do you want?", "Are you still there?", "Goodbye.");
    }

    @Test
    void asksInTheFlowsLanguage() throws InterruptedException {
        String german = SILENT_NOWHERE.replace("\"maxCallSeconds\": 60", "\"locale\": \"de-DE\"");
        assertThat(Scenario.flow(german).silence().hears("bye").run().said()).contains("Sind Sie noch da?");
    }

    @Test
    void silenceThatLeadsNowhereEndsTheCall() throws InterruptedException {
        String agent = ASKS.replace(
                        "{ \"id\": \"hear\", \"type\": \"listen\", \"into\": \"wish\" }",
                        "{ \"id\": \"hear\", \"type\": \"agent\", \"prompt\": \"Listen.\" }")
                .replace("\"edges\": [", "\"edges\": [ { \"from\": \"hear\", \"port\": \"error\", \"to\": \"bye\" },")
                .replace("\"count\": {", "\"wish\": { \"type\": \"string\", \"default\": \"\" }, \"count\": {");
        var call = Scenario.flow(agent)
                .model(new ScriptedModel())
                .silence()
                .silence()
                .silence()
                .run();
        assertThat(call.result().reason()).isEqualTo(SILENCE);
        assertThat(call.hungUpByAgent()).isFalse();
    }

    @Test
    void noiseThatIsNoWordsIsNoAnswer() throws InterruptedException {
        var call = Scenario.flow(SILENT_NOWHERE)
                .hears(" ")
                .hears("\n\u0000")
                .silence()
                .hears("bye")
                .run();
        assertThat(call.said()).containsSubsequence("Are you still there?", "Goodbye.");
        assertThat(call.turns()).extracting(Turn::text).doesNotContain("");
    }

    @Test
    void keysOfTheGlobalListLeadAwayAndOthersAreAnAnswer() throws InterruptedException {
        assertThat(Scenario.flow(ASKS).keys("0").run().result().path()).containsExactly("ask", "hear", "bye");
        assertThat(Scenario.flow(ASKS).keys("9").run().result().path()).containsExactly("ask", "hear", "choose", "bye");
        assertThat(Scenario.flow(SILENT_NOWHERE).keys("0").hears("bye").run().said())
                .containsSubsequence("You said 0.", "Number 1.");
    }

    @Test
    void ofAnInterruptedSentenceOnlyWhatWasHeardIsKept() throws InterruptedException {
        var call = Scenario.flow(ASKS).interruptedAfter(1).hears("bye").run();
        assertThat(call.turns()).extracting(Turn::text).containsExactly("Hello.", "bye", "Goodbye.");
        assertThat(call.context().wasInterrupted(call.turns().getFirst())).isTrue();
        assertThat(call.context().wasInterrupted(call.turns().getLast())).isFalse();
    }

    @Test
    void theLongestCallEndsAtItsTimeEvenIfTheCallerTalksOn() throws InterruptedException {
        Scenario scenario = Scenario.flow(ASKS);
        for (int i = 0; i < 100; i++) {
            scenario.hears("tea");
        }
        var call = scenario.run();
        assertThat(call.result().reason()).isEqualTo(MAX_DURATION);
        assertThat(call.hungUpByAgent()).isFalse();
        assertThat(call.turns()).hasSizeBetween(20, 40);
    }

    @Test
    void theLongestCallEndsAtItsTimeWhileTheCallerIsSilent() throws InterruptedException {
        String patient = SILENT_NOWHERE.replace(
                "\"maxCallSeconds\": 60",
                "\"maxCallSeconds\": 60, \"turns\": { \"silence\": { \"promptAfterMs\": 50000, \"maxPrompts\": 10 } }");
        Scenario scenario = Scenario.flow(patient);
        for (int i = 0; i < 11; i++) {
            scenario.silence();
        }
        assertThat(scenario.run().result().reason()).isEqualTo(MAX_DURATION);
    }

    @Test
    void tellsTheCallerOnceThatTheLongestTimeIsNearlyOver() throws InterruptedException {
        String longer = SILENT_NOWHERE.replace(
                "\"maxCallSeconds\": 60",
                "\"maxCallSeconds\": 90, \"turns\": { \"silence\": { \"promptAfterMs\": 50000, \"maxPrompts\": 10 } }");
        Scenario scenario = Scenario.flow(longer);
        for (int i = 0; i < 11; i++) {
            scenario.silence();
        }
        var call = scenario.run();
        assertThat(call.result().reason()).isEqualTo(MAX_DURATION);
        assertThat(call.said())
                .containsExactly(
                        "Hello.",
                        "What do you want?",
                        "Are you still there?",
                        "We only have about half a minute left.");
    }

    @Test
    void aBrokenLineEndsTheCallWithItsReason() throws InterruptedException {
        LineException speech = LineException.speech(new IOException("no voice"));
        var call = Scenario.flow(ASKS).breaks(speech).run();
        assertThat(call.result().reason()).isEqualTo(SPEECH_ERROR);
        assertThat(call.result().failure()).isSameAs(speech);
        assertThat(Scenario.flow(ASKS)
                        .hears("tea")
                        .breaks(LineException.transcription(new IOException("no ear")))
                        .run()
                        .result()
                        .reason())
                .isEqualTo(TRANSCRIPTION_ERROR);
    }

    @Test
    void whatNobodyExpectedEndsTheCallAsAFlowError() throws InterruptedException {
        String recalls = ASKS.replace(
                "{ \"id\": \"ask\", \"type\": \"say\", \"text\": \"Hello. What do you want?\" }",
                "{ \"id\": \"ask\", \"type\": \"memory_recall\", \"into\": \"caller\" }");
        var call = Scenario.flow(recalls)
                .from("+15105550100")
                .remembering(new FailingMemory(new IllegalStateException("a bug")))
                .run();
        assertThat(call.result().reason()).isEqualTo(FLOW_ERROR);
        assertThat(call.result().failure()).hasMessage("a bug");
    }

    @Test
    void interruptingTheThreadEndsTheCallPromptly() {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                Scenario.flow(ASKS).waits().run();
            } catch (InterruptedException e) {
                thrown.set(e);
            }
        });
        Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        Awaitility.await().untilAsserted(() -> assertThat(thrown.get()).isInstanceOf(InterruptedException.class));
    }

    @Test
    void whatHasNoValueIsNotSpokenAndTheListenerIsTold() throws InterruptedException {
        Scenario scenario = Scenario.flow(ASKS.replace("Hello. What do you want?", "Hello {{wish}}. {{ '{{' }} What?"));
        assertThat(scenario.hears("bye").run().said()).startsWith("Hello .", "{{ What?");
        assertThat(scenario.warnings).containsExactly("ask: 'wish' has no value");
    }

    @Test
    void aConditionWithoutAValueDoesNotHold() throws InterruptedException {
        Scenario scenario = Scenario.flow(
                ASKS.replace(
                        "{ \"from\": \"ask\", \"to\": \"hear\" }",
                        "{ \"from\": \"ask\", \"to\": \"bye\", \"when\": \"wish == 'x'\" }, { \"from\": \"ask\", \"to\": \"hear\" }"));
        assertThat(scenario.hears("bye").run().result().path()).startsWith("ask", "hear");
        assertThat(scenario.warnings).singleElement().asString().startsWith("ask: 'wish == 'x'' has no value");
    }
}
