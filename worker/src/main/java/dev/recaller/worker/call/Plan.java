package dev.recaller.worker.call;

import static java.util.Objects.requireNonNull;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.Flow;
import dev.recaller.worker.caller.Caller;
import org.jspecify.annotations.Nullable;

/**
 * What a call is to do, and for whom.
 *
 * @param flow to run, and whose voice speaks
 * @param flowUsable false: the flow that was asked for cannot be run, so the caller hears an apology in this one's voice
 * @param memoryAllowed false: nothing is recalled or stored, as nobody knows whose memory it would be
 * @param refusal present: the caller is turned away
 */
public record Plan(
        Caller caller,
        Flow flow,
        boolean flowUsable,
        String organizationId,
        boolean memoryAllowed,
        @Nullable Refusal refusal) {

    /**
     * How a caller is turned away.
     *
     * @param reason how the call ends
     * @param announced true: the flow tells them so; false: the phone is not answered
     */
    public record Refusal(EndReason reason, boolean announced) {}

    public Plan {
        requireNonNull(caller, "caller is null");
        requireNonNull(flow, "flow is null");
        requireNonNull(organizationId, "organizationId is null");
    }

    boolean answers() {
        return refusal == null || refusal.announced();
    }
}
