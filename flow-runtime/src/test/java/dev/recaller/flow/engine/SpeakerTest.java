package dev.recaller.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.model.ChatModel.Message;
import org.junit.jupiter.api.Test;

/** An agent whose model hears and speaks itself, on a line that has one. */
class SpeakerTest {

    private static final String FLOW = """
            {
              "schemaVersion": 1, "id": "agent", "version": 1, "name": "Agent", "start": "hi",
              "configuration": { "models": { "chat": "writes", "realtime": "speaks" } },
              "nodes": [
                { "id": "hi", "type": "say", "text": "Hello." },
                { "id": "talk", "type": "agent", "prompt": "Be kind.", "exits": { "done": "the caller is finished" },
                  "tools": [ "end_call" ], "limits": { "maxTurns": 2 } },
                { "id": "sorry", "type": "say", "text": "Sorry." },
                { "id": "bye", "type": "hangup", "say": "Bye." }
              ],
              "edges": [
                { "from": "hi", "to": "talk" },
                { "from": "talk", "port": "error", "to": "sorry" },
                { "from": "sorry", "to": "bye" },
                { "from": "talk", "to": "bye" }
              ]
            }
            """;

    private final ScriptedModel model = new ScriptedModel();
    private final ScriptedSpeaker speaker = new ScriptedSpeaker();
    private final Scenario scenario = Scenario.flow(FLOW).model(model).speaker(speaker);

    @Test
    void talksInsteadOfTheModelThatWritesAndLeavesByItsExits() throws InterruptedException {
        speaker.script.answers("We ", "are open.").answers(">done");

        var call = scenario.hears("Are you open?").hears("Bye.").run();

        assertThat(call.said()).containsExactly("Hello.", "We are open.", "Bye.");
        assertThat(call.result().path()).containsExactly("hi", "talk", "bye");
        assertThat(model.requests()).isEmpty();
        assertThat(speaker.script.requests().getFirst().models()).containsExactly("speaks");
        assertThat(speaker.script.requests().getLast().messages())
                .containsExactly(
                        new Message.Agent("Hello."),
                        new Message.Caller("Are you open?"),
                        new Message.Agent("We are open."),
                        new Message.Caller("Bye."));
        assertThat(speaker.heard).containsExactly("300 ms: We are open.", "0 ms: ");
    }

    @Test
    void isToldHowFarItWasHeardWhenTheCallerInterrupts() throws InterruptedException {
        speaker.script.answers("We are ", "open from nine ", "to five.").answers("Yes.");

        scenario.hears("When?").interruptedAfter(3).hears("Today?").run();

        assertThat(speaker.heard.getFirst()).isEqualTo("300 ms: We are open");
        assertThat(speaker.script.requests().getLast().messages())
                .endsWith(new Message.Agent("We are open ... (interrupted)"), new Message.Caller("Today?"));
    }

    @Test
    void beginsItsAnswerEarly() throws InterruptedException {
        speaker.script.answers("We are open.").answers(">end_call");

        var call = scenario.probably(
                        "Are you open?", () -> speaker.script.requests().size() == 1)
                .hears("Are you open?")
                .hears("Bye.")
                .run();

        assertThat(call.said()).containsExactly("Hello.", "We are open.");
        assertThat(speaker.script.requests()).hasSize(2);
        assertThat(call.result().reason()).isEqualTo(EndReason.AGENT_HANGUP);
    }

    @Test
    void whenItFailsBeforeItSaidAnythingTheModelThatWritesAnswers() throws InterruptedException {
        speaker.script.answers("!").answers("We", "!");
        model.answers("We are open.").answers("Until five.");

        var call = scenario.hears("Are you open?").hears("Until when?").run();

        assertThat(call.said()).startsWith("Hello.", "We are open.");
        assertThat(model.requests().getFirst().models()).containsExactly("writes");
        assertThat(scenario.warnings).contains("talk: refused");
    }

    @Test
    void whenItBreaksOffInTheMiddleTheNodeTakesError() throws InterruptedException {
        speaker.script.answers("We are ", "!");

        var call = scenario.hears("Are you open?").run();

        assertThat(call.said()).containsExactly("Hello.", "We are", "Sorry.", "Bye.");
    }

    @Test
    void whenItHasNothingToSayTheModelThatWritesAnswers() throws InterruptedException {
        speaker.script.answers().answers();
        model.answers("We are open.").answers(">done");

        var call = scenario.hears("Are you open?").hears("Bye.").run();

        assertThat(call.said()).containsExactly("Hello.", "We are open.", "Bye.");
        assertThat(scenario.warnings).containsOnly("talk: speaks said nothing");
    }

    @Test
    void onALineWithoutOneTheTalkIsInText() throws InterruptedException {
        model.answers("We are open.").answers(">done");

        var call = Scenario.flow(FLOW)
                .model(model)
                .hears("Are you open?")
                .hears("Bye.")
                .run();

        assertThat(call.said()).containsExactly("Hello.", "We are open.", "Bye.");
        assertThat(model.requests().getFirst().models()).containsExactly("writes");
    }
}
