package dev.recaller.worker.recording;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which call a recording is of.
 *
 * @param consent what the caller is told before
 */
public record About(
        UUID callId,
        String organizationId,
        String flowId,
        int flowVersion,
        @Nullable String consent) {
    public About {
        requireNonNull(callId, "callId is null");
        requireNonNull(organizationId, "organizationId is null");
        requireNonNull(flowId, "flowId is null");
    }
}
