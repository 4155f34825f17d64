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
 * Where a live call stands in its flow: all that another worker needs to go on from there, except who is on the line,
 * which the line itself tells. Immutable.
 *
 * @param node the node at hand
 * @param begun whether the node at hand was begun, so that what it does outside the call may have happened
 * @param step grows with every state of the call, whichever worker makes it
 * @param variables that have a value, in the Java types of {@link dev.recaller.flow.expression.VariableType}; secret ones
 *     are not kept
 * @param turns what was said so far, from turn 0
 * @param interrupted indexes of the agent's turns that the caller cut short
 */
public record FlowState(
        String organizationId,
        UUID callId,
        String flowId,
        int flowVersion,
        String node,
        boolean begun,
        long step,
        Assurance assurance,
        Map<String, Object> variables,
        List<Turn> turns,
        Set<Integer> interrupted) {

    public FlowState {
        requireNonNull(organizationId, "organizationId is null");
        requireNonNull(callId, "callId is null");
        requireNonNull(flowId, "flowId is null");
        requireNonNull(node, "node is null");
        requireNonNull(assurance, "assurance is null");
        variables = Map.copyOf(variables);
        turns = List.copyOf(turns);
        interrupted = Set.copyOf(interrupted);
        for (int i = 0; i < turns.size(); i++) {
            if (turns.get(i).index() != i) {
                throw new IllegalArgumentException(
                        "turn " + i + " has the index " + turns.get(i).index());
            }
        }
    }

    /** Of a call as it is now; by the flow's thread. */
    public static FlowState of(FlowContext context, Flow flow, String node, boolean begun, long step) {
        List<Turn> turns = context.turns();
        Map<String, Object> variables = new HashMap<>(context.variables());
        variables.keySet().removeIf(context::isSecret);
        return new FlowState(
                context.organizationId(),
                context.callId(),
                flow.id(),
                flow.version(),
                node,
                begun,
                step,
                context.assurance(),
                variables,
                turns,
                turns.stream()
                        .filter(context::wasInterrupted)
                        .map(Turn::index)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /**
     * The call as it was, to go on with.
     *
     * @param userId, metadata as whoever starts the call would give them
     */
    public FlowContext resumed(@Nullable String userId, Map<String, String> metadata) {
        FlowContext context = new FlowContext(callId, organizationId, userId, metadata, assurance);
        variables.forEach(context::set);
        turns.forEach(
                turn -> context.add(turn.speaker(), turn.text(), turn.saidAt(), interrupted.contains(turn.index())));
        return context;
    }
}
