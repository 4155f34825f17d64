package dev.recaller.flow.engine;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.line.LineException;
import dev.recaller.flow.line.Transferred;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.node.FlowMemory;
import dev.recaller.flow.tool.ToolSource;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.CallerMemory;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One call: who calls, what they do, and afterwards what happened. */
final class Scenario implements FlowListener {

    /** A memory that must not be used. */
    static final FlowMemory UNTOUCHED = new FlowMemory() {
        @Override
        public MemoryConfiguration configuration(String organizationId, MemoryConfiguration.Given flow) {
            throw new AssertionError("memory was used");
        }

        @Override
        public CallerMemory open(MemoryIdentity identity, Assurance assurance, UUID callId, Duration limit) {
            throw new AssertionError("memory was used");
        }

        @Override
        public void store(MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration) {
            throw new AssertionError("memory was used");
        }

        @Override
        public void note(MemoryIdentity identity, String text) {
            throw new AssertionError("memory was used");
        }
    };

    final StepClock clock = new StepClock();
    final List<String> warnings = new CopyOnWriteArrayList<>();
    private final List<String> turns = new CopyOnWriteArrayList<>();
    final List<String> storeFailures = new CopyOnWriteArrayList<>();
    final List<RecallOutcome> recalls = new ArrayList<>();
    private final Flow flow;
    private final List<ScriptedLine.Act> acts = new ArrayList<>();
    private FlowMemory memory = UNTOUCHED;
    private String organization = "acme";
    private @Nullable String user;
    private Map<String, String> metadata = Map.of();
    private Assurance assurance = Assurance.ANONYMOUS;
    private @Nullable ChatModel model;
    private @Nullable ChatModel speaker;
    private @Nullable HttpAccess http;
    private FlowStore flows = FlowStore.NONE;
    private ToolSource tools = ToolSource.NONE;
    private int ended;

    private Scenario(Flow flow) {
        this.flow = flow;
    }

    static Scenario flow(String json) {
        return new Scenario(parse(json));
    }

    private static Flow parse(String json) {
        try {
            return Flow.parse(json);
        } catch (InvalidFlowException e) {
            throw new AssertionError(e);
        }
    }

    static Scenario shipped(String file) {
        try {
            return new Scenario(Flow.read(Path.of(System.getProperty("basedir", ""))
                    .resolve("../flows")
                    .resolve(file)));
        } catch (IOException | InvalidFlowException e) {
            throw new AssertionError(e);
        }
    }

    Scenario remembering(FlowMemory service) {
        memory = service;
        return this;
    }

    Scenario model(ChatModel scripted) {
        model = scripted;
        return this;
    }

    /** On a line with a model that speaks itself. */
    Scenario speaker(ChatModel scripted) {
        speaker = scripted;
        return this;
    }

    Scenario tools(ToolSource source) {
        tools = source;
        return this;
    }

    Scenario http(HttpAccess access) {
        http = access;
        return this;
    }

    Scenario from(String number) {
        metadata = Map.of(FlowContext.PHONE_NUMBER, number);
        assurance = Assurance.PRESENTED;
        return this;
    }

    Scenario user(String id) {
        user = id;
        assurance = Assurance.VERIFIED;
        return this;
    }

    Scenario organization(String id) {
        organization = id;
        return this;
    }

    Scenario hears(String words) {
        acts.add(new ScriptedLine.Act.Speaks(words));
        return this;
    }

    /** The caller has probably said this; the script goes on when that is so. */
    Scenario probably(String words, BooleanSupplier begun) {
        acts.add(new ScriptedLine.Act.ProbablySpeaks(words, begun));
        return this;
    }

    Scenario goesOn() {
        acts.add(new ScriptedLine.Act.GoesOn());
        return this;
    }

    Scenario keys(String digits) {
        acts.add(new ScriptedLine.Act.Keys(digits));
        return this;
    }

    Scenario silence() {
        acts.add(new ScriptedLine.Act.IsSilent());
        return this;
    }

    Scenario interruptedAfter(int words) {
        acts.add(new ScriptedLine.Act.Interrupts(words));
        return this;
    }

    Scenario hangsUpAfter(int words) {
        acts.add(new ScriptedLine.Act.HangsUpWhileListening(words));
        return this;
    }

    /** The caller hangs up while the agent neither speaks nor listens. */
    Scenario hangsUpWaiting() {
        acts.add(new ScriptedLine.Act.HangsUpWaiting());
        return this;
    }

    Scenario breaks(LineException how) {
        acts.add(new ScriptedLine.Act.Breaks(how));
        return this;
    }

    Scenario transfers(Transferred how) {
        acts.add(new ScriptedLine.Act.Transfers(how));
        return this;
    }

    /** Somebody picks up who is telephoned beside the caller. */
    Scenario picksUp(ScriptedLine.Act... theirs) {
        acts.add(new ScriptedLine.Act.PicksUp(List.of(theirs)));
        return this;
    }

    /** Flows of the organization that this one may call. */
    Scenario with(String... json) {
        Map<String, Flow> byId = new HashMap<>();
        for (String one : json) {
            Flow other = parse(one);
            byId.put(other.id(), other);
        }
        flows = new FlowStore() {
            @Override
            public Optional<Flow> current(String organizationId, String flowId) {
                return Optional.ofNullable(byId.get(flowId));
            }

            @Override
            public Optional<Flow> version(String organizationId, String flowId, int version) {
                return current(organizationId, flowId);
            }
        };
        return this;
    }

    Scenario waits() {
        acts.add(new ScriptedLine.Act.Waits());
        return this;
    }

    /** How the call went. */
    record Ended(
            FlowResult result,
            List<String> said,
            List<String> acted,
            List<Turn> turns,
            FlowContext context,
            boolean hungUpByAgent) {}

    Ended run() throws InterruptedException {
        FlowContext context = new FlowContext(UUID.randomUUID(), organization, user, metadata, assurance);
        ScriptedLine line = new ScriptedLine(clock, acts, speaker);
        FlowRunner runner = new FlowRunner(memory, model, this, flows, clock).tools(tools);
        FlowResult result = (http == null ? runner : runner.http(http)).run(flow, context, line);
        if (ended != 1) {
            throw new AssertionError("ended was told " + ended + " times");
        }
        return new Ended(result, line.said(), line.acted(), context.turns(), context, line.hungUpByAgent());
    }

    /** What was said so far; for any thread. */
    List<String> turns() {
        return turns;
    }

    @Override
    public void turnEnded(FlowContext context, Turn turn) {
        turns.add(turn.text());
    }

    @Override
    public void recalled(FlowContext context, RecallOutcome outcome, Duration took) {
        recalls.add(outcome);
    }

    @Override
    public void storeFailed(FlowContext context, int turns, boolean last, RuntimeException cause) {
        storeFailures.add(turns + (last ? " for good" : ""));
    }

    @Override
    public void warning(FlowContext context, String nodeId, String message) {
        warnings.add(nodeId + ": " + message);
    }

    @Override
    public void ended(FlowContext context, FlowResult result) {
        ended++;
    }
}
