package dev.recaller.flow.engine;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowJournal;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.FlowState;
import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.node.Call;
import dev.recaller.flow.node.CallMemory;
import dev.recaller.flow.node.FlowMemory;
import dev.recaller.flow.node.RequestKeys;
import dev.recaller.flow.node.Talk;
import dev.recaller.flow.tool.ToolSource;
import dev.recaller.memory.AfterCall;
import dev.recaller.memory.UnifiedMemoryService;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs flows. One runner serves many calls at once, each on a thread of its own.
 *
 * <p>The runner hangs up only where the flow says so (a {@code hangup} node, {@code end_call}). After every other end
 * the line is left as it is: whoever called {@link #run} says what is to be said for that reason, and hangs up.
 */
public final class FlowRunner {

    private static final Duration STORE_PATIENCE = Duration.ofSeconds(10);
    private static final Duration STORE_PATIENCE_INTERRUPTED = Duration.ofSeconds(2);

    /** What a lost worker was still about to save stays older than the first state of the one that goes on. */
    private static final long STEPS_ON_THE_WAY = 1_000;

    private final FlowMemory memory;
    private final @Nullable ChatModel model;
    private final @Nullable HttpAccess http;
    private final ToolSource tools;
    private final FlowListener listener;
    private final FlowStore flows;
    private final FlowJournal journal;
    private final InstantSource clock;

    /** A runner on this memory; without a model every {@code agent} node takes {@code error}. */
    public FlowRunner(UnifiedMemoryService memory, @Nullable ChatModel model, FlowListener listener) {
        this(FlowMemory.of(memory), model, listener, FlowStore.NONE, InstantSource.system());
    }

    /**
     * A runner on this memory.
     *
     * @param flows where subflows come from
     */
    public FlowRunner(FlowMemory memory, @Nullable ChatModel model, FlowListener listener, FlowStore flows) {
        this(memory, model, listener, flows, InstantSource.system());
    }

    /**
     * A runner whose time somebody else lets pass.
     *
     * @param flows where subflows come from
     */
    public FlowRunner(
            FlowMemory memory, @Nullable ChatModel model, FlowListener listener, FlowStore flows, InstantSource clock) {
        this(memory, model, null, ToolSource.NONE, listener, flows, FlowJournal.NONE, clock);
    }

    private FlowRunner(
            FlowMemory memory,
            @Nullable ChatModel model,
            @Nullable HttpAccess http,
            ToolSource tools,
            FlowListener listener,
            FlowStore flows,
            FlowJournal journal,
            InstantSource clock) {
        this.memory = memory;
        this.model = model;
        this.http = http;
        this.tools = tools;
        this.listener = listener;
        this.flows = flows;
        this.journal = journal;
        this.clock = clock;
    }

    /** The same runner, whose flows may send requests; without it every {@code http} node takes {@code error}. */
    public FlowRunner http(HttpAccess access) {
        return new FlowRunner(memory, model, access, tools, listener, flows, journal, clock);
    }

    /** The same runner, with more tools for its agents than those the flows declare. */
    public FlowRunner tools(ToolSource source) {
        return new FlowRunner(memory, model, http, source, listener, flows, journal, clock);
    }

    /** The same runner, which has a journal keep where each call stands, so that another worker can {@link #resume} it. */
    public FlowRunner journal(FlowJournal keeping) {
        return new FlowRunner(memory, model, http, tools, listener, flows, keeping, clock);
    }

    /**
     * Runs one call to its end, whoever causes it, and stores what is to be stored. What breaks on the way is the
     * result's reason and failure, never an exception.
     *
     * @throws InterruptedException when this thread was interrupted; the turns that belong in memory were stored if that
     *     took less than two seconds
     */
    public FlowResult run(Flow flow, FlowContext context, Line line) throws InterruptedException {
        setDefaults(flow, context);
        return run(flow, context, line, 0, Walk::fromStart);
    }

    /**
     * Goes on with a call whose worker was lost, as {@link #run} would have, in the flow it was in and the versions it
     * ran. What a node did outside the call is not done again: where it may have been done, the node is left by the port of
     * its failure. So is a subflow whose version cannot be had.
     *
     * @param flow the one the state's {@link FlowState#root} is of, in its version
     * @param userId, metadata who is on the line, as for a call that begins
     * @throws IllegalArgumentException when the flow is another one
     */
    public FlowResult resume(
            Flow flow, FlowState state, @Nullable String userId, Map<String, String> metadata, Line line)
            throws InterruptedException {
        if (!state.root().isOf(flow)) {
            throw new IllegalArgumentException(
                    "the call is at " + state.root() + ", not in " + flow.id() + " version " + flow.version());
        }
        long step = state.step() + STEPS_ON_THE_WAY;
        return run(flow, state.resumed(userId, metadata), line, step, walk -> walk.from(state));
    }

    private interface Way {
        FlowResult of(Walk walk) throws InterruptedException;
    }

    private FlowResult run(Flow flow, FlowContext context, Line line, long step, Way way) throws InterruptedException {
        FlowConfiguration settings = flow.configuration();
        var after = new AfterCall(settings.models().chat(), Duration.ofSeconds(settings.maxCallSeconds()));
        CallMemory callMemory = new CallMemory(memory, settings.memory(), after, context, listener);
        var journaling = new Journaling(journal, context, step);
        Talk talk = new Talk(line, settings, context, callMemory, listener, clock, journaling::turnEnded);
        Call call = new Call(flow, context, talk, callMemory, model, http, tools, listener, false, new RequestKeys());
        FlowResult result;
        try {
            result = way.of(new Walk(flows, call, journaling));
        } catch (InterruptedException | Error e) {
            callMemory.finish(STORE_PATIENCE_INTERRUPTED);
            throw e;
        }
        callMemory.finish(STORE_PATIENCE);
        journaling.ended();
        listener.ended(context, result);
        return result;
    }

    /** Variables that have no value yet begin with what the flow says. */
    static void setDefaults(Flow flow, FlowContext context) {
        flow.variables().forEach((name, variable) -> {
            if (variable.defaultValue() != null && !context.variables().containsKey(name)) {
                context.set(name, variable.defaultValue());
            }
        });
    }
}
