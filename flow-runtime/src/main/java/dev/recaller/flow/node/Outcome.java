package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;

/** How a node was left. */
public sealed interface Outcome {

    /** By this port. */
    record Took(String port) implements Outcome {}

    /** By the port {@code dtmf}: the caller pressed these keys. */
    record Keyed(String digits) implements Outcome {}

    /** A subflow is over; the call goes on in the flow that called it. */
    record Returned() implements Outcome {}

    /** The call is over. */
    record Ended(EndReason reason) implements Outcome {}
}
