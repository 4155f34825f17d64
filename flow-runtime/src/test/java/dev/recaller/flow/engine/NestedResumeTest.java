package dev.recaller.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowJournal;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.FlowState;
import dev.recaller.flow.FlowStateJson;
import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.http.HttpAnswer;
import dev.recaller.flow.http.HttpRequest;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.line.Transferred;
import dev.recaller.memory.Assurance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker is lost in a flow that another flow called, another goes on inside it. */
final class NestedResumeTest {

    private static final String OUTER = """
            { "schemaVersion": 1, "id": "outer", "version": 1, "name": "Outer", "start": "first",
              "variables": { "told": { "type": "string", "default": "" }, "calls": { "type": "integer", "default": 0 } },
              "nodes": [
                { "id": "first", "type": "send_digits", "digits": "1" },
                { "id": "count", "type": "set", "values": { "calls": "calls + 1" } },
                { "id": "sub", "type": "subflow", "flow": "middle", "take": { "told": "answer" } },
                { "id": "done", "type": "send_digits", "digits": "5" },
                { "id": "bye", "type": "hangup", "say": "{{told}}, {{calls}}." },
                { "id": "broken", "type": "hangup", "say": "That went wrong." } ],
              "edges": [
                { "from": "first", "to": "count" }, { "from": "count", "to": "sub" },
                { "from": "sub", "port": "error", "to": "broken" }, { "from": "sub", "to": "done" },
                { "from": "done", "to": "bye" } ] }""";

    private static final String MIDDLE = """
            { "schemaVersion": 1, "id": "middle", "version": 3, "name": "Middle", "start": "before",
              "variables": { "answer": { "type": "string", "default": "nothing" }, "name": { "type": "string", "default": "you" } },
              "nodes": [
                { "id": "before", "type": "http", "method": "POST", "url": "https://api.example.com/before" },
                { "id": "sub", "type": "subflow", "flow": "inner", "with": { "name": "name" }, "take": { "answer": "words" } },
                { "id": "after", "type": "http", "method": "POST", "url": "https://api.example.com/after" },
                { "id": "back", "type": "hangup", "return": true } ],
              "edges": [ { "from": "before", "to": "sub" },
                { "from": "sub", "to": "after" }, { "from": "after", "to": "back" } ] }""";

    private static final String INNER = """
            { "schemaVersion": 1, "id": "inner", "version": 7, "name": "Inner", "start": "press",
              "variables": { "name": { "type": "string", "default": "" } },
              "nodes": [
                { "id": "press", "type": "send_digits", "digits": "3" },
                { "id": "ask", "type": "say", "text": "What can I do for {{name}}?" },
                { "id": "hear", "type": "listen", "into": "words" },
                { "id": "again", "type": "send_digits", "digits": "4" },
                { "id": "back", "type": "hangup", "return": true } ],
              "edges": [ { "from": "press", "to": "ask" }, { "from": "ask", "to": "hear" }, { "from": "hear", "to": "again" },
                { "from": "again", "to": "back" } ] }""";

    private static final Flow OUTER_FLOW = flow(OUTER);
    private static final Flow MIDDLE_FLOW = flow(MIDDLE);
    private static final Flow INNER_FLOW = flow(INNER);

    private static final Set<String> EFFECTS = Set.of(
            "presses 1",
            "POST https://api.example.com/before",
            "presses 3",
            "presses 4",
            "POST https://api.example.com/after",
            "presses 5");

    private final FlowJournal journal = new WrittenJournal();
    private final World world = new World();
    private final List<String> warnings = new ArrayList<>();

    /** A worker that is no more. */
    private static final class Lost extends Error {
        private static final long serialVersionUID = 1;
    }

    /** What the caller hears and what is done outside the call; whoever works in it may be lost at every step. */
    private final class World implements FlowListener, Line {
        final List<String> said = new ArrayList<>();
        final List<String> effects = new ArrayList<>();
        final List<String> entered = new ArrayList<>();
        private int stepsLeft = Integer.MAX_VALUE;

        private void step() {
            if (--stepsLeft < 0) {
                throw new Lost();
            }
        }

        private void acts(String what) {
            effects.add(what);
            step();
        }

        HttpAnswer answer(HttpRequest request) {
            acts(request.method() + " " + request.uri());
            return new HttpAnswer.Answered(200, "{}");
        }

        @Override
        public void nodeEntered(FlowContext context, String nodeId, String type) {
            entered.add(nodeId);
            step();
        }

        @Override
        public void warning(FlowContext context, String nodeId, String message) {
            warnings.add(nodeId + ": " + message);
        }

        @Override
        public Said say(Iterator<String> sentences) {
            List<String> all = new ArrayList<>();
            sentences.forEachRemaining(all::add);
            said.addAll(all);
            step();
            return new Said.Whole(String.join(" ", all));
        }

        @Override
        public Heard listen(Duration patience) {
            step();
            return new Heard.Speech("Tea");
        }

        @Override
        public Heard keys(Duration patience) {
            throw new AssertionError("nobody collects digits");
        }

        @Override
        public Optional<Said> play(String audio) {
            throw new AssertionError("nothing is played");
        }

        @Override
        public boolean sendDigits(String digits) {
            acts("presses " + digits);
            return true;
        }

        @Override
        public Transferred transfer(String to, Duration ring) {
            throw new AssertionError("nobody is transferred");
        }

        @Override
        public boolean gone() {
            return false;
        }

        @Override
        public void hangUp() {}
    }

    /** As a database keeps it: as text, and nothing once the call is over. */
    private static final class WrittenJournal implements FlowJournal {
        private final FlowJournal states = FlowJournal.inMemory();
        private boolean over;

        @Override
        public synchronized boolean save(FlowState state) {
            return !over && states.save(FlowStateJson.read(FlowStateJson.write(state)));
        }

        @Override
        public Optional<FlowState> find(String organizationId, UUID callId) {
            return states.find(organizationId, callId);
        }

        @Override
        public synchronized void ended(String organizationId, UUID callId) {
            over = true;
            states.ended(organizationId, callId);
        }
    }

    @Test
    void lostAtEveryStepItComesToTheSameEndAndDoesNothingTwice() throws Exception {
        Set<String> lostAt = new TreeSet<>();
        for (int steps = 0; steps < 100; steps++) {
            var test = new NestedResumeTest();
            if (test.call(List.of(steps), lostAt) == 0) {
                assertThat(test.world.effects)
                        .as("nobody is lost any more")
                        .containsExactlyInAnyOrderElementsOf(EFFECTS);
                assertThat(lostAt)
                        .contains(
                                "first",
                                "sub/before",
                                "sub/sub/press",
                                "sub/sub/hear",
                                "sub/sub/again",
                                "sub/after",
                                "done");
                return;
            }
        }
        throw new AssertionError("the call does not end");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void lostAgainAndAgainItDoesNothingTwice(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            new NestedResumeTest().call(random.ints(6, 0, 12).boxed().toList(), new TreeSet<>());
        }
    }

    @Test
    void goesOnInsideTheFlowsItWasInInTheVersionsItRan() throws Exception {
        FlowState state = lostListening();
        assertThat(state.frames())
                .extracting(FlowState.Frame::toString)
                .containsExactly("'sub' of outer version 1", "'sub' of middle version 3", "'hear' of inner version 7");
        assertThat(state.frames().getLast().variables()).containsEntry("name", "you");
        Flow newer =
                Flow.parse(INNER.replace("\"version\": 7", "\"version\": 8").replace("\"hear\"", "\"listen\""));

        FlowResult result = runner(MIDDLE_FLOW, INNER_FLOW, newer).resume(OUTER_FLOW, state, null, Map.of(), world);

        assertThat(result.path())
                .containsExactly(
                        "sub/sub/hear", "sub/sub/again", "sub/sub/back", "sub/after", "sub/back", "done", "bye");
        assertThat(world.said).containsExactly("What can I do for you?", "Tea, 1.");
        assertThat(warnings).isEmpty();
    }

    @Test
    void aSubflowWhoseVersionIsGoneIsLeftByErrorAndTheCallGoesOn() throws Exception {
        FlowState state = lostListening();

        FlowResult result = runner(MIDDLE_FLOW, Flow.parse(INNER.replace("\"version\": 7", "\"version\": 8")))
                .resume(OUTER_FLOW, state, null, Map.of(), world);

        assertThat(result.path()).containsExactly("sub/after", "sub/back", "done", "bye");
        assertThat(world.said).containsExactly("What can I do for you?", "nothing, 1.");
        assertThat(warnings)
                .containsExactly("sub/sub: the call goes on elsewhere, where 'hear' of inner version 7 cannot be had");
    }

    @Test
    void whatIsSecretStaysSecretInTheFlowsItIsGivenTo() throws Exception {
        var outer = new FlowContext(UUID.randomUUID(), "acme", null, Map.of(), Assurance.ANONYMOUS);
        outer.setSecret("pin", "1357");
        FlowContext inner = outer.nested();
        inner.take("code", outer, "pin");
        inner.take("nothing", outer, "never set");

        assertThat(inner.variables()).isEqualTo(Map.of("code", "1357"));
        assertThat(FlowState.Frame.of(INNER_FLOW, "hear", inner).variables()).isEmpty();
    }

    @Test
    void aCallInAnotherFlowIsRefused() throws Exception {
        FlowState state = lostListening();

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> runner().resume(MIDDLE_FLOW, state, null, Map.of(), world))
                .withMessage("the call is at 'sub' of outer version 1, not in middle version 3");
    }

    /** Runs a call whose workers are lost after so many steps each; how many of them were. */
    private int call(List<Integer> lives, Set<String> lostAt) throws Exception {
        var context = new FlowContext(UUID.randomUUID(), "acme", null, Map.of(), Assurance.ANONYMOUS);
        FlowRunner runner = runner(MIDDLE_FLOW, INNER_FLOW);
        int lost = 0;
        @Nullable FlowResult result = null;
        while (result == null) {
            world.stepsLeft = lost < lives.size() ? lives.get(lost) : Integer.MAX_VALUE;
            Optional<FlowState> state = journal.find("acme", context.callId());
            try {
                result = state.isPresent()
                        ? runner.resume(OUTER_FLOW, state.get(), null, Map.of(), world)
                        : runner.run(OUTER_FLOW, context, world);
            } catch (Lost e) {
                lost++;
                lostAt.add(world.entered.getLast());
            }
        }
        assertThat(result.failure()).isNull();
        assertThat(result.reason()).isEqualTo(EndReason.AGENT_HANGUP);
        assertThat(world.effects).doesNotHaveDuplicates().isSubsetOf(EFFECTS);
        assertThat(EFFECTS.size() - world.effects.size()).as("left undone").isBetween(0, lost);
        assertThat(world.said.getLast()).isEqualTo("Tea, 1.");
        assertThat(journal.find("acme", context.callId())).isEmpty();
        return lost;
    }

    private FlowState lostListening() throws Exception {
        var context = new FlowContext(UUID.randomUUID(), "acme", null, Map.of(), Assurance.ANONYMOUS);
        FlowRunner runner = runner(MIDDLE_FLOW, INNER_FLOW);
        world.stepsLeft = 12;
        assertThatExceptionOfType(Lost.class).isThrownBy(() -> runner.run(OUTER_FLOW, context, world));
        Awaitility.await()
                .until(() -> journal.find("acme", context.callId())
                        .filter(state -> state.place().equals("sub/sub/hear"))
                        .isPresent());
        world.stepsLeft = Integer.MAX_VALUE;
        return journal.find("acme", context.callId()).orElseThrow();
    }

    private static Flow flow(String json) {
        try {
            return Flow.parse(json);
        } catch (InvalidFlowException e) {
            throw new AssertionError(e);
        }
    }

    private FlowRunner runner(Flow... flows) {
        return new FlowRunner(Scenario.UNTOUCHED, null, world, FlowStore.of(List.of(flows)), new StepClock())
                .http(new HttpAccess(world::answer, (_, _) -> Optional.empty()))
                .journal(journal);
    }
}
