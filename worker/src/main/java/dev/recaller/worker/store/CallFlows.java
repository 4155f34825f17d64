package dev.recaller.worker.store;

import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.sql.Database;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * An organization's flows in the database, for its calls. While the database does not answer, calls run what was activated
 * when it last did.
 */
public interface CallFlows extends FlowStore {

    /**
     * The flows in this database.
     *
     * @param limit how long a call waits for the database, once: while it is silent no other does
     * @param problems hears what calls could not have; each flow that cannot run is told once
     */
    static CallFlows in(Database database, Duration limit, Consumer<String> problems) {
        return new StoredFlows(database, limit, problems);
    }

    /**
     * What this call runs: as {@link #current} or, by the share of calls it was given, the flow's canary; always the same for
     * the same call while neither changes.
     */
    Optional<Flow> current(String organizationId, String flowId, UUID callId);

    /**
     * A call is about to run a flow of a file: the first one of the organization fixes the version's content.
     *
     * @param document what {@code flow} was read from
     * @return what this version was when a call of the organization first ran it, to be run instead; empty: it is the same
     */
    Optional<Flow> ran(String organizationId, Flow flow, String document);
}
