package dev.recaller.flow;

import dev.recaller.flow.definition.Flow;
import java.util.Optional;

/** Where flows come from by their ids: subflows, and the flow of a call that is resumed. For many threads. */
public interface FlowStore {

    FlowStore NONE = new FlowStore() {
        @Override
        public Optional<Flow> current(String organizationId, String flowId) {
            return Optional.empty();
        }

        @Override
        public Optional<Flow> version(String organizationId, String flowId, int version) {
            return Optional.empty();
        }
    };

    /** The version new calls get. */
    Optional<Flow> current(String organizationId, String flowId);

    Optional<Flow> version(String organizationId, String flowId, int version);
}
