package dev.recaller.flow;

import dev.recaller.flow.definition.Flow;
import java.util.List;
import java.util.Optional;

final class GivenFlows implements FlowStore {

    private final List<Flow> flows;

    GivenFlows(List<Flow> flows) {
        this.flows = List.copyOf(flows).reversed();
    }

    @Override
    public Optional<Flow> current(String organizationId, String flowId) {
        return flows.stream().filter(flow -> flow.id().equals(flowId)).findFirst();
    }

    @Override
    public Optional<Flow> version(String organizationId, String flowId, int version) {
        return flows.stream()
                .filter(flow -> flow.id().equals(flowId) && flow.version() == version)
                .findFirst();
    }
}
