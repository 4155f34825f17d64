package dev.recaller.worker;

import dev.recaller.worker.call.CallMetadata;
import dev.recaller.worker.call.Plan;
import dev.recaller.worker.call.Planning;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses a call's organization and flow: what the job's metadata says, what it leaves open from the room's metadata, and
 * the rest from the settings of this worker.
 */
final class Choice implements Planning {
    private static final Logger log = LoggerFactory.getLogger(Choice.class);

    private final Flows flows;
    private final String organizationId;

    /** @param organizationId of calls for which nobody names one */
    Choice(Flows flows, String organizationId) {
        this.flows = flows;
        this.organizationId = organizationId;
    }

    @Override
    public Plan plan(CallMetadata told) {
        Dispatch asked = Dispatch.ofJob(told.job()).or(Dispatch.ofRoom(told.room()));
        asked.warnings().forEach(log::warn);
        String organization = asked.organizationId() == null ? organizationId : asked.organizationId();
        var flow = flows.forCall(organization, asked.flow());
        return new Plan(flow.orElseGet(flows::standard), flow.isPresent(), organization, asked.remembering());
    }
}
