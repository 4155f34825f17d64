package dev.recaller.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowJournal;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.FlowState;
import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Transferred;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A worker is lost in a call, another goes on with it by the journal. */
final class ResumeTest {

    private static final String FLOW = """
            { "schemaVersion": 1, "id": "asks", "version": 4, "name": "Asks", "start": "hello",
              "variables": { "asked": { "type": "integer", "default": 0 } },
              "nodes": [
                { "id": "hello", "type": "say", "text": "Hello." },
                { "id": "count", "type": "set", "values": { "asked": "asked + 1" } },
                { "id": "hear", "type": "listen", "into": "words" },
                { "id": "tell", "type": "say", "text": "{{words}} is number {{asked}}." },
                { "id": "xfer", "type": "transfer", "to": "+15550123" },
                { "id": "sorry", "type": "say", "text": "Nobody is there." },
                { "id": "bye", "type": "hangup", "say": "Bye." } ],
              "edges": [
                { "from": "hello", "to": "count" }, { "from": "count", "to": "hear" },
                { "from": "hear", "port": "heard", "to": "tell" }, { "from": "hear", "to": "bye" },
                { "from": "tell", "to": "count", "when": "asked < 2" }, { "from": "tell", "to": "xfer" },
                { "from": "xfer", "port": "done", "to": "bye" }, { "from": "xfer", "to": "sorry" }, { "from": "sorry", "to": "bye" } ] }""";

    private final FlowJournal journal = FlowJournal.inMemory();
    private final StepClock clock = new StepClock();
    private final FlowContext context = new FlowContext(UUID.randomUUID(), "acme", null, Map.of(), Assurance.ANONYMOUS);
    private final FlowRunner runner =
            new FlowRunner(Scenario.UNTOUCHED, null, FlowListener.NONE, FlowStore.NONE, clock).journal(journal);

    @Test
    void goesOnWhereTheLostWorkerWasWithItsWordsAndVariables() throws Exception {
        Flow flow = Flow.parse(FLOW);
        lose(
                flow,
                new ScriptedLine(clock, List.of(new ScriptedLine.Act.Speaks("Tea"), new ScriptedLine.Act.Waits())),
                "hear",
                3);

        FlowState state = state();
        assertThat(state.root().variables()).containsEntry("asked", 2L).containsEntry("words", "Tea");
        assertThat(state.turns()).extracting(Turn::text).containsExactly("Hello.", "Tea", "Tea is number 1.");

        var line = new ScriptedLine(
                clock,
                List.of(
                        new ScriptedLine.Act.Speaks("Milk"),
                        new ScriptedLine.Act.Transfers(new Transferred.Busy(486))));
        FlowResult result = runner.resume(flow, state, null, Map.of(), line);

        assertThat(line.said())
                .as("no second greeting")
                .containsExactly("Milk is number 2.", "Nobody is there.", "Bye.");
        assertThat(result.path()).containsExactly("hear", "tell", "xfer", "sorry", "bye");
        assertThat(journal.find("acme", context.callId()))
                .as("the call is over")
                .isEmpty();
    }

    @Test
    void aTransferThatMayHaveBegunIsNotBegunAgain() throws Exception {
        Flow flow = Flow.parse(FLOW);
        var stuck = new ScriptedLine(
                clock,
                List.of(
                        new ScriptedLine.Act.Speaks("Tea"),
                        new ScriptedLine.Act.Speaks("Milk"),
                        new ScriptedLine.Act.Waits()));
        lose(flow, stuck, "xfer", 5);

        FlowState state = state();
        assertThat(state.begun()).isTrue();
        var line = new ScriptedLine(clock, List.of());
        FlowResult result = runner.resume(flow, state, null, Map.of(), line);

        assertThat(line.acted()).isEmpty();
        assertThat(line.said()).containsExactly("Nobody is there.", "Bye.");
        assertThat(result.path()).containsExactly("sorry", "bye");
        assertThat(result.reason()).isEqualTo(EndReason.AGENT_HANGUP);
    }

    @Test
    void theLongestTimeOfACallCountsFromItsBeginningNotFromWhereItGoesOn() throws Exception {
        Flow flow = Flow.parse(FLOW);
        lose(
                flow,
                new ScriptedLine(clock, List.of(new ScriptedLine.Act.Speaks("Tea"), new ScriptedLine.Act.Waits())),
                "hear",
                3);
        clock.pass(Duration.ofSeconds(flow.configuration().maxCallSeconds()));

        var line = new ScriptedLine(clock, List.of(new ScriptedLine.Act.Speaks("Milk")));
        FlowResult result = runner.resume(flow, state(), null, Map.of(), line);

        assertThat(line.said()).doesNotContain("Milk is number 2.");
        assertThat(result.reason()).isEqualTo(EndReason.MAX_DURATION);
    }

    @Test
    void anotherVersionOfTheFlowIsNoPlaceToGoOn() throws Exception {
        Flow flow = Flow.parse(FLOW);
        lose(flow, new ScriptedLine(clock, List.of(new ScriptedLine.Act.Waits())), "hear", 1);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> runner.resume(
                        Flow.parse(FLOW.replace("\"version\": 4", "\"version\": 5")),
                        state(),
                        null,
                        Map.of(),
                        new ScriptedLine(clock, List.of())))
                .withMessage("the call is at 'hear' of asks version 4, not in asks version 5");
    }

    @Test
    void aCallThatEndsLeavesNothingInTheJournal() throws Exception {
        runner.run(Flow.parse(FLOW), context, new ScriptedLine(clock, List.of()));

        assertThat(journal.find("acme", context.callId())).isEmpty();
    }

    private FlowState state() {
        return journal.find("acme", context.callId()).orElseThrow();
    }

    /** Runs the flow until the journal has it at a node with so many turns, then takes its thread away. */
    private void lose(Flow flow, Line line, String node, int turns) throws InterruptedException {
        Thread worker = Thread.ofPlatform().start(() -> {
            try {
                runner.run(flow, context, line);
            } catch (InterruptedException e) {
                // That is how it is lost.
            }
        });
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> journal.find("acme", context.callId())
                        .filter(state ->
                                state.place().equals(node) && state.turns().size() == turns)
                        .isPresent());
        worker.interrupt();
        worker.join();
    }
}
