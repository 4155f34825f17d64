package dev.recaller.flow.engine;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.FlowState;
import dev.recaller.flow.FlowState.Frame;
import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.LogicNode;
import dev.recaller.flow.definition.Node;
import dev.recaller.flow.definition.Variable;
import dev.recaller.flow.line.LineException;
import dev.recaller.flow.model.ModelException;
import dev.recaller.flow.node.Call;
import dev.recaller.flow.node.NodeExecutors;
import dev.recaller.flow.node.Outcome;
import dev.recaller.flow.node.Routing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call's way through its flow and the flows this one calls. */
final class Walk {

    /** More nodes than this between two listens: the flow, or its model, runs in circles. */
    private static final int MAX_NODES_WITHOUT_LISTENING = 100;

    private final FlowStore flows;
    private final Level root;
    private final Journaling journaling;
    private final List<String> path = new ArrayList<>();
    private int listened;
    private int since;

    /**
     * A flow the call is in.
     *
     * @param prefix of its nodes in the path: the subflows that lead to it
     */
    private record Level(Call call, String prefix, int depth) {

        Level inside(Node subflow, Flow flow, FlowContext context) {
            return new Level(call.in(flow, context), place(subflow) + "/", depth + 1);
        }

        String place(Node node) {
            return prefix + node.id();
        }

        void warn(Node node, String message) {
            call.listener().warning(call.context(), place(node), message);
        }
    }

    private interface Way {
        Optional<EndReason> end() throws InterruptedException;
    }

    Walk(FlowStore flows, Call root, Journaling journaling) {
        this.flows = flows;
        this.root = new Level(root, "", 0);
        this.journaling = journaling;
    }

    /** Walks from the flow's start to the end; what breaks on the way is in the result. */
    FlowResult fromStart() throws InterruptedException {
        return result(() -> fromStart(root));
    }

    /** Goes on where a call was, whose flow and variables the root call has; else as {@link #fromStart}. */
    FlowResult from(FlowState state) throws InterruptedException {
        return result(() -> from(root, state.frames(), state.begun()));
    }

    private FlowResult result(Way way) throws InterruptedException {
        try {
            EndReason reason = way.end().orElse(EndReason.AGENT_HANGUP);
            return new FlowResult(root.call().talk().transferred() ? EndReason.TRANSFERRED : reason, path, null);
        } catch (LineException e) {
            return new FlowResult(e.reason(), path, e);
        } catch (ModelException e) {
            return new FlowResult(EndReason.MODEL_ERROR, path, e);
        } catch (RuntimeException e) {
            return new FlowResult(EndReason.FLOW_ERROR, path, e);
        }
    }

    private Optional<EndReason> fromStart(Level level) throws InterruptedException {
        Flow flow = level.call().flow();
        Node start = flow.node(flow.start());
        return leaving(level, start, outcome(level, start));
    }

    /** @param frames the level's own first, then those inside it */
    private Optional<EndReason> from(Level level, List<Frame> frames, boolean begun) throws InterruptedException {
        Node node = level.call().flow().node(frames.getFirst().node());
        if (frames.size() > 1) {
            return leaving(level, node, subflowFrom(level, node, frames.subList(1, frames.size()), begun));
        }
        Optional<String> lost = begun ? node.ifLost() : Optional.empty();
        lost.ifPresent(port ->
                level.warn(node, "the call goes on elsewhere; what this node did is not known, it is left by " + port));
        return leaving(level, node, lost.isPresent() ? new Outcome.Took(lost.get()) : outcome(level, node));
    }

    /** Why the call ended after this node was left so; empty when the flow returned to the one that called it. */
    private Optional<EndReason> leaving(Level level, Node left, Outcome how) throws InterruptedException {
        Call call = level.call();
        Node node = left;
        Outcome outcome = how;
        while (true) {
            if (outcome instanceof Outcome.Ended(EndReason reason)) {
                return Optional.of(reason);
            }
            if (outcome instanceof Outcome.Returned) {
                return Optional.empty();
            }
            if (call.talk().timeUp()) {
                return Optional.of(EndReason.MAX_DURATION);
            }
            Optional<String> next = next(call, node, outcome);
            if (next.isEmpty()) {
                return Optional.of(EndReason.SILENCE);
            }
            node = call.flow().node(next.get());
            refuseCircles(call);
            outcome = outcome(level, node);
        }
    }

    private Outcome outcome(Level level, Node node) throws InterruptedException {
        Call call = level.call();
        path.add(level.place(node));
        journaling.at(call, node);
        call.listener().nodeEntered(call.context(), level.place(node), node.type());
        return node instanceof LogicNode.Subflow subflow ? subflow(level, subflow) : NodeExecutors.execute(node, call);
    }

    private void refuseCircles(Call call) {
        since = call.talk().listened() == listened ? since + 1 : 0;
        listened = call.talk().listened();
        if (since > MAX_NODES_WITHOUT_LISTENING) {
            throw new IllegalStateException("the flow went through " + since + " nodes without listening");
        }
    }

    private Outcome subflow(Level level, LogicNode.Subflow node) throws InterruptedException {
        Call call = level.call();
        Flow flow = flows.current(call.context().organizationId(), node.flow()).orElse(null);
        if (flow == null) {
            return failed(level, node, "there is no flow '" + node.flow() + "'");
        }
        if (level.depth() == FlowState.MAX_DEPTH) {
            return failed(level, node, "flows call each other more than " + FlowState.MAX_DEPTH + " deep");
        }
        String mismatch = mismatch(call, node, flow);
        if (mismatch != null) {
            return failed(level, node, mismatch);
        }
        FlowContext inner = call.context().nested();
        node.with().forEach((theirs, ours) -> inner.take(theirs, call.context(), ours));
        FlowRunner.setDefaults(flow, inner);
        Level inside = level.inside(node, flow, inner);
        return returning(level, node, inside, () -> fromStart(inside));
    }

    private Outcome subflowFrom(Level level, Node node, List<Frame> frames, boolean begun) throws InterruptedException {
        Frame frame = frames.getFirst();
        if (!(node instanceof LogicNode.Subflow subflow)) {
            throw new IllegalStateException("the state is damaged: " + level.place(node) + " is no subflow");
        }
        Call call = level.call();
        Flow flow = flows.version(call.context().organizationId(), frame.flowId(), frame.flowVersion())
                .filter(frame::isOf)
                .orElse(null);
        if (flow == null) {
            return failed(level, node, "the call goes on elsewhere, where " + frame + " cannot be had");
        }
        FlowContext inner = call.context().nested();
        frame.variables().forEach(inner::set);
        Level inside = level.inside(node, flow, inner);
        return returning(level, subflow, inside, () -> from(inside, frames, begun));
    }

    private Outcome returning(Level level, LogicNode.Subflow node, Level inside, Way way) throws InterruptedException {
        FlowContext outer = level.call().context();
        journaling.entered(level.call(), node);
        Optional<EndReason> ended = way.end();
        journaling.returned();
        if (ended.isPresent()) {
            return new Outcome.Ended(ended.get());
        }
        node.take().forEach((ours, theirs) -> outer.take(ours, inside.call().context(), theirs));
        return new Outcome.Took("done");
    }

    private static Outcome failed(Level level, Node node, String problem) {
        level.warn(node, problem);
        return new Outcome.Took("error");
    }

    /** What is wrong with the variables that are given and taken; null when nothing is. */
    private static @Nullable String mismatch(Call call, LogicNode.Subflow node, Flow flow) {
        Map<String, Variable> ours = call.flow().variables();
        Map<String, Variable> theirs = flow.variables();
        for (Map.Entry<String, String> given : node.with().entrySet()) {
            if (differ(theirs.get(given.getKey()), ours.get(given.getValue()))) {
                return "the flow '" + flow.id() + "' has no variable '" + given.getKey() + "' of that type";
            }
        }
        for (Map.Entry<String, String> taken : node.take().entrySet()) {
            if (differ(theirs.get(taken.getValue()), ours.get(taken.getKey()))) {
                return "the flow '" + flow.id() + "' has no variable '" + taken.getValue() + "' of that type";
            }
        }
        return null;
    }

    private static boolean differ(@Nullable Variable one, @Nullable Variable other) {
        return one == null || other == null || one.type() != other.type();
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
            case Outcome.Ended _, Outcome.Returned _ -> throw new IllegalStateException("the flow has ended");
        };
    }
}
