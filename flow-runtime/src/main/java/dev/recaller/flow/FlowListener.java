package dev.recaller.flow;

import dev.recaller.memory.Turn;
import java.time.Duration;

/**
 * Hears what happens in calls; the worker makes metrics and logs of it. Called by the flow's thread, except
 * {@link #stored} and {@link #storeFailed}, which come from the thread that stored, and {@link #recalled} when a model asked. Must be quick and must not throw.
 */
public interface FlowListener {

    FlowListener NONE = new FlowListener() {};

    enum RecallOutcome {
        FOUND,
        EMPTY,
        TIMEOUT,
        ERROR
    }

    /** Tells this one, then the next. */
    default FlowListener then(FlowListener next) {
        return new BothListeners(this, next);
    }

    /** The flow is at this node; {@code type} as in the document. */
    default void nodeEntered(FlowContext context, String nodeId, String type) {}

    /** One side finished; the text is what was really heard. */
    default void turnEnded(FlowContext context, Turn turn) {}

    /** Memory was read, or should have been. */
    default void recalled(FlowContext context, RecallOutcome outcome, Duration took) {}

    /** So many turns are in memory now. */
    default void stored(FlowContext context, int turns, Duration took) {}

    /** So many turns are not in memory; it is tried again, {@code last} when it is not. */
    default void storeFailed(FlowContext context, int turns, boolean last, RuntimeException cause) {}

    /** Something in the flow had no value or did not work, and the call went on: the place and what. */
    default void warning(FlowContext context, String nodeId, String message) {}

    /** The flow ended; everything it stores is stored. */
    default void ended(FlowContext context, FlowResult result) {}
}
