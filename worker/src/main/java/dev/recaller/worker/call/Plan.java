package dev.recaller.worker.call;

import static java.util.Objects.requireNonNull;

import dev.recaller.flow.definition.Flow;

/**
 * What a call is to do.
 *
 * @param flow to run, and whose voice speaks
 * @param flowUsable false: the flow that was asked for cannot be run, so the caller hears an apology in this one's voice
 * @param memoryAllowed false: nothing is recalled or stored, as nobody knows whose memory it would be
 */
public record Plan(Flow flow, boolean flowUsable, String organizationId, boolean memoryAllowed) {
    public Plan {
        requireNonNull(flow, "flow is null");
        requireNonNull(organizationId, "organizationId is null");
    }
}
