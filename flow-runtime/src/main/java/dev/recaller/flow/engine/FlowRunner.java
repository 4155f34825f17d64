package dev.recaller.flow.engine;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.node.Call;
import dev.recaller.flow.node.CallMemory;
import dev.recaller.flow.node.Talk;
import dev.recaller.flow.tool.ToolSource;
import dev.recaller.memory.AfterCall;
import dev.recaller.memory.UnifiedMemoryService;
import java.time.Duration;
import java.time.InstantSource;
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

    private final CallMemory.Service memory;
    private final @Nullable ChatModel model;
    private final @Nullable HttpAccess http;
    private final ToolSource tools;
    private final FlowListener listener;
    private final FlowStore flows;
    private final InstantSource clock;

    /** A runner on this memory; without a model every {@code agent} node takes {@code error}. */
    public FlowRunner(UnifiedMemoryService memory, @Nullable ChatModel model, FlowListener listener) {
        this(CallMemory.Service.of(memory), model, listener, FlowStore.NONE, InstantSource.system());
    }

    /**
     * A runner on this memory.
     *
     * @param flows where subflows come from
     */
    public FlowRunner(CallMemory.Service memory, @Nullable ChatModel model, FlowListener listener, FlowStore flows) {
        this(memory, model, listener, flows, InstantSource.system());
    }

    /**
     * A runner whose time somebody else lets pass.
     *
     * @param flows where subflows come from
     */
    public FlowRunner(
            CallMemory.Service memory,
            @Nullable ChatModel model,
            FlowListener listener,
            FlowStore flows,
            InstantSource clock) {
        this(memory, model, null, ToolSource.NONE, listener, flows, clock);
    }

    private FlowRunner(
            CallMemory.Service memory,
            @Nullable ChatModel model,
            @Nullable HttpAccess http,
            ToolSource tools,
            FlowListener listener,
            FlowStore flows,
            InstantSource clock) {
        this.memory = memory;
        this.model = model;
        this.http = http;
        this.tools = tools;
        this.listener = listener;
        this.flows = flows;
        this.clock = clock;
    }

    /** The same runner, whose flows may send requests; without it every {@code http} node takes {@code error}. */
    public FlowRunner http(HttpAccess access) {
        return new FlowRunner(memory, model, access, tools, listener, flows, clock);
    }

    /** The same runner, with more tools for its agents than those the flows declare. */
    public FlowRunner tools(ToolSource source) {
        return new FlowRunner(memory, model, http, source, listener, flows, clock);
    }

    /**
     * Runs one call to its end, whoever causes it, and stores what is to be stored. What breaks on the way is the
     * result's reason and failure, never an exception.
     *
     * @throws InterruptedException when this thread was interrupted; the turns that belong in memory were stored if that
     *     took less than two seconds
     */
    public FlowResult run(Flow flow, FlowContext context, Line line) throws InterruptedException {
        FlowConfiguration settings = flow.configuration();
        var after = new AfterCall(settings.models().chat(), Duration.ofSeconds(settings.maxCallSeconds()));
        CallMemory callMemory = new CallMemory(memory, settings.memory(), after, context, listener);
        Talk talk = new Talk(line, settings, context, callMemory, listener, clock);
        setDefaults(flow, context);
        Call call = new Call(flow, context, talk, callMemory, model, http, tools, listener, false);
        FlowResult result;
        try {
            result = new Walk(flows, call).result();
        } catch (InterruptedException | Error e) {
            callMemory.finish(STORE_PATIENCE_INTERRUPTED);
            throw e;
        }
        callMemory.finish(STORE_PATIENCE);
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
