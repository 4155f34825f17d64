package dev.recaller.flow;

import static java.util.Objects.requireNonNull;

import dev.recaller.flow.definition.Flow;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.Turn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a live call stands in its flow and the flows this one called: all that another worker needs to go on from there,
 * except who is on the line, which the line itself tells. Immutable.
 *
 * @param frames the call's flow, then each flow that the one before it called; 1 to {@link #MAX_DEPTH} + 1
 * @param begun whether the node at hand was begun, so that what it does outside the call may have happened
 * @param step grows with every state of the call, whichever worker makes it
 * @param turns what was said so far, from turn 0
 * @param interrupted indexes of the agent's turns that the caller cut short
 */
public record FlowState(
        String organizationId,
        UUID callId,
        List<Frame> frames,
        boolean begun,
        long step,
        Assurance assurance,
        List<Turn> turns,
        Set<Integer> interrupted) {

    /** So deep flows call each other; deeper is a circle. */
    public static final int MAX_DEPTH = 8;

    /**
     * A flow that the call is in.
     *
     * @param node the node at hand: in all frames but the last one the subflow that the next one is of
     * @param variables that have a value, in the Java types of {@link dev.recaller.flow.expression.VariableType}; secret
     *     ones are not kept
     */
    public record Frame(String flowId, int flowVersion, String node, Map<String, Object> variables) {

        public Frame {
            requireNonNull(flowId, "flowId is null");
            requireNonNull(node, "node is null");
            variables = Map.copyOf(variables);
        }

        /** Of a flow as it is now; by the flow's thread. */
        public static Frame of(Flow flow, String node, FlowContext context) {
            Map<String, Object> variables = new HashMap<>(context.variables());
            variables.keySet().removeIf(context::isSecret);
            return new Frame(flow.id(), flow.version(), node, variables);
        }

        /** Whether it is of this flow in this version, at a node of it. */
        public boolean isOf(Flow flow) {
            return flow.id().equals(flowId)
                    && flow.version() == flowVersion
                    && flow.nodes().containsKey(node);
        }

        @Override
        public String toString() {
            return "'" + node + "' of " + flowId + " version " + flowVersion;
        }
    }

    public FlowState {
        requireNonNull(organizationId, "organizationId is null");
        requireNonNull(callId, "callId is null");
        requireNonNull(assurance, "assurance is null");
        frames = List.copyOf(frames);
        turns = List.copyOf(turns);
        interrupted = Set.copyOf(interrupted);
        if (frames.isEmpty() || frames.size() > MAX_DEPTH + 1) {
            throw new IllegalArgumentException(
                    "a call is in 1 to " + (MAX_DEPTH + 1) + " flows, not in " + frames.size());
        }
        for (int i = 0; i < turns.size(); i++) {
            if (turns.get(i).index() != i) {
                throw new IllegalArgumentException(
                        "turn " + i + " has the index " + turns.get(i).index());
            }
        }
    }

    /** Of a call as it is now; by the flow's thread. */
    public static FlowState of(FlowContext context, List<Frame> frames, boolean begun, long step) {
        List<Turn> turns = context.turns();
        return new FlowState(
                context.organizationId(),
                context.callId(),
                frames,
                begun,
                step,
                context.assurance(),
                turns,
                turns.stream()
                        .filter(context::wasInterrupted)
                        .map(Turn::index)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** The call's own flow, the one that {@link dev.recaller.flow.engine.FlowRunner#resume} wants. */
    public Frame root() {
        return frames.getFirst();
    }

    /** The node at hand as a path names it: {@code identify/ask} is the node {@code ask} of a subflow. */
    public String place() {
        return frames.stream().map(Frame::node).collect(Collectors.joining("/"));
    }

    /**
     * The call as it was, with the variables of its own flow, to go on with.
     *
     * @param userId, metadata as whoever starts the call would give them
     */
    public FlowContext resumed(@Nullable String userId, Map<String, String> metadata) {
        FlowContext context = new FlowContext(callId, organizationId, userId, metadata, assurance);
        root().variables().forEach(context::set);
        turns.forEach(
                turn -> context.add(turn.speaker(), turn.text(), turn.saidAt(), interrupted.contains(turn.index())));
        return context;
    }
}
