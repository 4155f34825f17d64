package dev.recaller.flow.engine;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.definition.Node;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.LineException;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ModelException;
import dev.recaller.flow.node.Call;
import dev.recaller.flow.node.CallMemory;
import dev.recaller.flow.node.NodeExecutors;
import dev.recaller.flow.node.Outcome;
import dev.recaller.flow.node.Routing;
import dev.recaller.flow.node.Talk;
import dev.recaller.memory.AfterCall;
import dev.recaller.memory.UnifiedMemoryService;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs flows. One runner serves many calls at once, each on a thread of its own.
 *
 * <p>The runner hangs up only where the flow says so (a {@code hangup} node, {@code end_call}). After every other end
 * the line is left as it is: whoever called {@link #run} says what is to be said for that reason, and hangs up.
 */
public final class FlowRunner {

    /** More nodes than this between two listens: the flow, or its model, runs in circles. */
    private static final int MAX_NODES_WITHOUT_LISTENING = 100;

    private static final Duration STORE_PATIENCE = Duration.ofSeconds(10);
    private static final Duration STORE_PATIENCE_INTERRUPTED = Duration.ofSeconds(2);

    private final CallMemory.Service memory;
    private final @Nullable ChatModel model;
    private final FlowListener listener;
    private final InstantSource clock;

    /** A runner on this memory; without a model every {@code agent} node takes {@code error}. */
    public FlowRunner(UnifiedMemoryService memory, @Nullable ChatModel model, FlowListener listener) {
        this(CallMemory.Service.of(memory), model, listener, InstantSource.system());
    }

    FlowRunner(CallMemory.Service memory, @Nullable ChatModel model, FlowListener listener, InstantSource clock) {
        this.memory = memory;
        this.model = model;
        this.listener = listener;
        this.clock = clock;
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
        flow.variables().forEach((name, variable) -> {
            if (variable.defaultValue() != null && !context.variables().containsKey(name)) {
                context.set(name, variable.defaultValue());
            }
        });
        FlowResult result;
        try {
            result = walk(new Call(flow, context, talk, callMemory, model, listener));
        } catch (InterruptedException | Error e) {
            callMemory.finish(STORE_PATIENCE_INTERRUPTED);
            throw e;
        }
        callMemory.finish(STORE_PATIENCE);
        listener.ended(context, result);
        return result;
    }

    private static FlowResult walk(Call call) throws InterruptedException {
        List<String> path = new ArrayList<>();
        try {
            return new FlowResult(end(call, path), path, null);
        } catch (LineException e) {
            return new FlowResult(e.reason(), path, e);
        } catch (ModelException e) {
            return new FlowResult(EndReason.MODEL_ERROR, path, e);
        } catch (RuntimeException e) {
            return new FlowResult(EndReason.FLOW_ERROR, path, e);
        }
    }

    private static EndReason end(Call call, List<String> path) throws InterruptedException {
        Node node = call.flow().node(call.flow().start());
        int listened = 0;
        int since = 0;
        while (true) {
            path.add(node.id());
            call.listener().nodeEntered(call.context(), node.id(), node.type());
            Outcome outcome = NodeExecutors.execute(node, call);
            if (outcome instanceof Outcome.Ended(EndReason reason)) {
                return reason;
            }
            if (call.talk().timeUp()) {
                return EndReason.MAX_DURATION;
            }
            Optional<String> next = next(call, node, outcome);
            if (next.isEmpty()) {
                return EndReason.SILENCE;
            }
            node = call.flow().node(next.get());
            since = call.talk().listened() == listened ? since + 1 : 0;
            listened = call.talk().listened();
            if (since > MAX_NODES_WITHOUT_LISTENING) {
                throw new IllegalStateException("the flow went through " + since + " nodes without listening");
            }
        }
    }

    /** Empty only after a silence that leads nowhere. */
    private static Optional<String> next(Call call, Node node, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Took took -> {
                Optional<String> next = Routing.next(call, node, took);
                if (next.isEmpty() && !took.port().equals("silence")) {
                    throw new IllegalStateException(node.id() + " has no way out of " + took.port());
                }
                yield next;
            }
            case Outcome.Keyed keyed -> Routing.next(call, node, keyed).or(() -> Optional.of(node.id()));
            case Outcome.Ended _ -> throw new IllegalStateException("the call has ended");
        };
    }
}
