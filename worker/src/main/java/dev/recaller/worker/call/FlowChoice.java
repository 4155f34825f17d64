package dev.recaller.worker.call;

import dev.recaller.flow.definition.Flow;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The flows of calls. Safe for use by many calls at once; blocks for seconds at most. */
public interface FlowChoice {

    /**
     * The flow of a call.
     *
     * @param name a file or an id; null is the default
     * @param callId decides whether it runs a canary
     * @return empty when there is none that can run
     */
    Optional<Flow> forCall(String organizationId, @Nullable String name, UUID callId);
}
