package dev.recaller.worker.call;

import dev.recaller.flow.EndReason;
import dev.recaller.memory.Turn;
import java.time.Instant;

/** Something that happened in a call. */
public record CallEvent(Instant at, What what) {

    public sealed interface What {}

    /** The call stands so now. */
    public record Changed(LiveCall.State state) implements What {}

    /** The flow came to this node. */
    public record Entered(String node) implements What {}

    /** One side finished; the text is what was really heard. */
    public record Said(Turn turn) implements What {}

    /** Nothing comes after it. */
    public record Ended(EndReason reason) implements What {}
}
