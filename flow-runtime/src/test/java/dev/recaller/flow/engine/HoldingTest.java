package dev.recaller.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.model.ChatModel.Message;
import dev.recaller.memory.Turn;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A caller who asks to be waited for. */
class HoldingTest {

    private static final String FLOW = """
            {
              "schemaVersion": 1, "id": "agent", "version": 1, "name": "Agent", "start": "hi",
              "nodes": [
                { "id": "hi", "type": "say", "text": "Your number?" },
                { "id": "talk", "type": "agent", "prompt": "Be kind.", "exits": { "done": "the caller is finished" },
                  "limits": { "maxTurns": 1 } },
                { "id": "bye", "type": "hangup" }
              ],
              "edges": [
                { "from": "hi", "to": "talk" },
                { "from": "talk", "to": "bye" }
              ]
            }
            """;

    private static final String WAIT = "Of course, take your time.";
    private static final String THERE = "Are you still there?";

    private final ScriptedModel model = new ScriptedModel().answers("Thank you.");

    @Test
    void isToldSoAndTheModelHearsOfItWithTheAnswer() throws InterruptedException {
        var call = Scenario.flow(FLOW)
                .model(model)
                .hears("Hold on, please.")
                .hears("It is 4711.")
                .run();
        assertThat(call.said()).containsExactly("Your number?", WAIT, "Thank you.");
        assertThat(call.turns())
                .extracting(Turn::text)
                .containsExactly("Your number?", "Hold on, please.", WAIT, "It is 4711.", "Thank you.");
        assertThat(model.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.messages())
                        .containsExactly(
                                new Message.Agent("Your number?"),
                                new Message.Caller("Hold on, please."),
                                new Message.Agent(WAIT),
                                new Message.Caller("It is 4711.")));
    }

    @Test
    void isWaitedForAMinuteThenAskedAndThenSilenceIsSilence() throws InterruptedException {
        Scenario scenario = Scenario.flow(FLOW).model(model);
        Instant begun = scenario.clock.instant();
        var call = scenario.hears("One moment.").silence().silence().silence().run();
        assertThat(call.said()).containsExactly("Your number?", WAIT, THERE, THERE);
        assertThat(call.result().reason()).isEqualTo(EndReason.SILENCE);
        assertThat(Duration.between(begun, scenario.clock.instant()))
                .as("four sentences, two seconds of speech, a minute, twice ten seconds")
                .isEqualTo(Duration.ofSeconds(4 + 2 + 60 + 2 * 10));
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void isWaitedForAsLongAsTheFlowHasIt() throws InterruptedException {
        Scenario scenario = Scenario.flow(FLOW.replace(
                        "\"name\": \"Agent\",",
                        "\"name\": \"Agent\", \"configuration\": { \"turns\": { \"silence\": { \"maxPrompts\": 0, \"holdMs\":"
                                + " 120000 } } },"))
                .model(model);
        Instant begun = scenario.clock.instant();
        scenario.hears("One moment.").silence().run();
        assertThat(Duration.between(begun, scenario.clock.instant())).isEqualTo(Duration.ofSeconds(2 + 2 + 120));
    }

    @Test
    void isToldOnceAndAgainOnlyAfterBeingAsked() throws InterruptedException {
        var call = Scenario.flow(FLOW)
                .model(model)
                .hears("One moment.")
                .hears("Just a second.")
                .silence()
                .hears("Yes, one moment.")
                .hears("It is 4711.")
                .run();
        assertThat(call.said()).containsExactly("Your number?", WAIT, THERE, WAIT, "Thank you.");
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void isNoReasonToAskTheModelEarly() throws InterruptedException {
        var call = Scenario.flow(FLOW)
                .model(model)
                .probably("One moment.", () -> true)
                .hears("One moment.")
                .probably("It is 4711.", () -> model.requests().size() == 1)
                .hears("It is 4711.")
                .run();
        assertThat(call.said()).containsExactly("Your number?", WAIT, "Thank you.");
        Awaitility.await().until(() -> model.closed() > 0);
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void saysMoreAndIsAnswered() throws InterruptedException {
        var call = Scenario.flow(FLOW)
                .model(model)
                .hears("Hold on, that's wrong, I meant Friday.")
                .run();
        assertThat(call.said()).containsExactly("Your number?", "Thank you.");
    }

    @Test
    void mayHangUp() throws InterruptedException {
        var call = Scenario.flow(FLOW)
                .model(model)
                .hears("One moment.")
                .hangsUpAfter(2)
                .run();
        assertThat(call.result().reason()).isEqualTo(EndReason.CALLER_HANGUP);
        assertThat(call.turns()).extracting(Turn::text).last().isEqualTo("Of course,");
    }
}
