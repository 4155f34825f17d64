package dev.recaller.flow;

import dev.recaller.memory.Turn;
import java.time.Duration;

/** Two who hear the same, one after the other. */
record BothListeners(FlowListener first, FlowListener second) implements FlowListener {

    @Override
    public void nodeEntered(FlowContext context, String nodeId, String type) {
        first.nodeEntered(context, nodeId, type);
        second.nodeEntered(context, nodeId, type);
    }

    @Override
    public void turnEnded(FlowContext context, Turn turn) {
        first.turnEnded(context, turn);
        second.turnEnded(context, turn);
    }

    @Override
    public void recalled(FlowContext context, RecallOutcome outcome, Duration took) {
        first.recalled(context, outcome, took);
        second.recalled(context, outcome, took);
    }

    @Override
    public void stored(FlowContext context, int turns, Duration took) {
        first.stored(context, turns, took);
        second.stored(context, turns, took);
    }

    @Override
    public void storeFailed(FlowContext context, int turns, boolean last, RuntimeException cause) {
        first.storeFailed(context, turns, last, cause);
        second.storeFailed(context, turns, last, cause);
    }

    @Override
    public void warning(FlowContext context, String nodeId, String message) {
        first.warning(context, nodeId, message);
        second.warning(context, nodeId, message);
    }

    @Override
    public void ended(FlowContext context, FlowResult result) {
        first.ended(context, result);
        second.ended(context, result);
    }
}
