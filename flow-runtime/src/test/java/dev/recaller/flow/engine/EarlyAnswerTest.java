package dev.recaller.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.model.ChatModel.Message;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A model that begins to answer while it is not certain yet that the caller has finished. */
class EarlyAnswerTest {

    private static final String FLOW = """
            {
              "schemaVersion": 1, "id": "agent", "version": 1, "name": "Agent", "start": "hi",
              "nodes": [
                { "id": "hi", "type": "say", "text": "Hello.", "turns": { "interruption": { "enabled": false } } },
                { "id": "talk", "type": "agent", "prompt": "Be kind.", "exits": { "done": "the caller is finished" },
                  "limits": { "maxTurns": 1 }, "turns": { "endpointing": { "minMs": 200 } } },
                { "id": "bye", "type": "hangup" }
              ],
              "edges": [
                { "from": "hi", "to": "talk" },
                { "from": "talk", "to": "bye" }
              ]
            }
            """;

    private final ScriptedModel model = new ScriptedModel();
    private final Scenario scenario = Scenario.flow(FLOW).model(model);

    @Test
    void isSpokenWhenTheCallerHadFinished() throws InterruptedException {
        model.answers("We are open.");

        var call = scenario.probably(" Are you  open? ", asked(1))
                .hears("Are you open?")
                .run();

        assertThat(call.said()).containsExactly("Hello.", "We are open.");
        assertThat(model.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.messages())
                        .containsExactly(new Message.Agent("Hello."), new Message.Caller("Are you open?")));
        assertThat(model.closed()).isPositive();
    }

    @Test
    void isDroppedWithoutATraceWhenTheCallerGoesOn() throws InterruptedException {
        model.answers("We are open.").answers("On Friday we are.");

        var call = scenario.probably("Are you open?", asked(1))
                .goesOn()
                .hears("Are you open on Friday?")
                .run();

        assertThat(call.said()).containsExactly("Hello.", "On Friday we are.");
        assertThat(model.requests().getLast().messages())
                .containsExactly(new Message.Agent("Hello."), new Message.Caller("Are you open on Friday?"));
        Awaitility.await().until(() -> model.closed() >= 2);
    }

    @Test
    void isDroppedWhenTheCallerTurnsOutToHaveSaidMore() throws InterruptedException {
        model.answers("We are open.").answers("On Friday we are.");

        var call = scenario.probably("Are you open?", asked(1))
                .hears("Are you open? On Friday?")
                .run();

        assertThat(call.said()).containsExactly("Hello.", "On Friday we are.");
    }

    @Test
    void isDroppedWhenTheCallerHangsUp() throws InterruptedException {
        model.answers("We are open.");

        var call = scenario.probably("Are you open?", asked(1)).run();

        assertThat(call.said()).containsExactly("Hello.");
        Awaitility.await().until(() -> model.closed() == 1);
    }

    @Test
    void thatFailsTakesTheSameWayAsALateOne() throws InterruptedException {
        model.answers("!");

        var call = scenario.probably("Are you open?", asked(1))
                .hears("Are you open?")
                .run();

        assertThat(call.result().path()).containsExactly("hi", "talk", "bye");
        assertThat(scenario.warnings).anyMatch(warning -> warning.contains("refused"));
    }

    @Test
    void aNodeTakesTurnsInItsOwnWay() throws InterruptedException {
        model.answers(">done");

        assertThat(scenario.hears("Bye.").run().acted())
                .containsExactly(
                        "takes turns after 300 ms, not to be interrupted",
                        "takes turns after 200 ms",
                        "takes turns after 300 ms");
    }

    private BooleanSupplier asked(int times) {
        return () -> model.requests().size() == times;
    }
}
