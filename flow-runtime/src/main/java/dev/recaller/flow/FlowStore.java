package dev.recaller.flow;

import dev.recaller.flow.definition.Flow;
import java.util.List;
import java.util.Optional;

/**
 * Flows by their id: of subflows, jobs and calls that go on elsewhere. Any thread. A flow that cannot be had now, for
 * whatever reason, is absent, and the reason is in the store's log.
 */
public interface FlowStore {

    FlowStore NONE = of(List.of());

    /** These flows, for every organization; of several versions of one flow the last given is the current one. */
    static FlowStore of(List<Flow> flows) {
        return new GivenFlows(flows);
    }

    /** The version that a call which begins now runs. */
    Optional<Flow> current(String organizationId, String flowId);

    /** One version, whether or not it is the current one. */
    Optional<Flow> version(String organizationId, String flowId, int version);
}
