package dev.recaller.flow.engine;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowResult;
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

    /** Flows that call each other: deeper is a circle. */
    private static final int MAX_DEPTH = 8;

    private final FlowStore flows;
    private final Call root;
    private final Journaling journaling;
    private final List<String> path = new ArrayList<>();
    private int listened;
    private int since;

    Walk(FlowStore flows, Call root, Journaling journaling) {
        this.flows = flows;
        this.root = root;
        this.journaling = journaling;
    }

    /** Walks from the flow's start to the end; what breaks on the way is in the result. */
    FlowResult fromStart() throws InterruptedException {
        return from(root.flow().node(root.flow().start()), Optional.empty());
    }

    /**
     * Goes on at a node.
     *
     * @param lost the port by which to leave it without doing anything; empty: do what it does
     */
    FlowResult from(Node node, Optional<String> lost) throws InterruptedException {
        try {
            Optional<Node> first = lost.isEmpty() ? Optional.of(node) : leaving(node, lost.get());
            EndReason reason = first.isEmpty()
                    ? EndReason.SILENCE
                    : through(root, first.get(), "", 0).orElse(EndReason.AGENT_HANGUP);
            return new FlowResult(root.talk().transferred() ? EndReason.TRANSFERRED : reason, path, null);
        } catch (LineException e) {
            return new FlowResult(e.reason(), path, e);
        } catch (ModelException e) {
            return new FlowResult(EndReason.MODEL_ERROR, path, e);
        } catch (RuntimeException e) {
            return new FlowResult(EndReason.FLOW_ERROR, path, e);
        }
    }

    /** Why the call ended; empty when the flow returned to the one that called it. */
    private Optional<EndReason> through(Call call, Node first, String prefix, int depth) throws InterruptedException {
        Node node = first;
        while (true) {
            String place = prefix + node.id();
            path.add(place);
            if (depth == 0) {
                journaling.at(node);
            }
            call.listener().nodeEntered(call.context(), place, node.type());
            Outcome outcome = node instanceof LogicNode.Subflow subflow
                    ? subflow(call, subflow, place, depth)
                    : NodeExecutors.execute(node, call);
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
        }
    }

    private Optional<Node> leaving(Node node, String port) {
        root.warn(node, "the call goes on elsewhere; what this node did is not known, it is left by " + port);
        return next(root, node, new Outcome.Took(port)).map(root.flow()::node);
    }

    private void refuseCircles(Call call) {
        since = call.talk().listened() == listened ? since + 1 : 0;
        listened = call.talk().listened();
        if (since > MAX_NODES_WITHOUT_LISTENING) {
            throw new IllegalStateException("the flow went through " + since + " nodes without listening");
        }
    }

    private Outcome subflow(Call call, LogicNode.Subflow node, String place, int depth) throws InterruptedException {
        Flow flow = flows.current(call.context().organizationId(), node.flow()).orElse(null);
        String problem = flow == null
                ? "there is no flow '" + node.flow() + "'"
                : depth == MAX_DEPTH
                        ? "flows call each other more than " + MAX_DEPTH + " deep"
                        : mismatch(call, node, flow);
        if (flow == null || problem != null) {
            call.listener().warning(call.context(), place, String.valueOf(problem));
            return new Outcome.Took("error");
        }
        FlowContext inner = call.context().nested();
        node.with().forEach((theirs, ours) -> {
            Object value = call.context().variables().get(ours);
            if (value != null) {
                inner.set(theirs, value);
            }
        });
        FlowRunner.setDefaults(flow, inner);
        Optional<EndReason> ended = through(call.in(flow, inner), flow.node(flow.start()), place + "/", depth + 1);
        if (ended.isPresent()) {
            return new Outcome.Ended(ended.get());
        }
        node.take().forEach((ours, theirs) -> {
            Object value = inner.variables().get(theirs);
            if (value != null) {
                call.context().set(ours, value);
            }
        });
        return new Outcome.Took("done");
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
