package dev.recaller.worker;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowState;
import dev.recaller.flow.definition.Flow;
import dev.recaller.worker.call.CallMetadata;
import dev.recaller.worker.call.Plan;
import dev.recaller.worker.call.Plan.Refusal;
import dev.recaller.worker.call.Planning;
import dev.recaller.worker.call.Resumed;
import dev.recaller.worker.caller.Caller;
import dev.recaller.worker.caller.CallerId;
import dev.recaller.worker.caller.NumberHash;
import dev.recaller.worker.store.CalledNumbers;
import dev.recaller.worker.store.CalledNumbers.Called;
import dev.recaller.worker.store.CalledNumbers.Listed;
import dev.recaller.worker.store.CalledNumbers.Unknown;
import dev.recaller.worker.store.CalledNumbers.Unlisted;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses a call's organization and flow, and whether its caller is answered. Organization and flow are what the job's
 * metadata says; what it leaves open is what the room's metadata says; then what the number called is listed with; then the
 * settings of this worker, which also take a number that is in no list. A flow goes with its organization: one that is named
 * beside another organization is not run.
 */
final class Choice implements Planning {
    private static final Logger log = LoggerFactory.getLogger(Choice.class);
    private static final Dispatch UNKNOWN = new Dispatch(
            null, null, false, List.of("it is not known whose number was called: the call goes on without memory"));

    private final Flows flows;
    private final CalledNumbers numbers;
    private final NumberHash hash;
    private final String organizationId;

    /** @param organizationId of calls for which nobody names one */
    Choice(Flows flows, CalledNumbers numbers, NumberHash hash, String organizationId) {
        this.flows = flows;
        this.numbers = numbers;
        this.hash = hash;
        this.organizationId = organizationId;
    }

    @Override
    public Plan plan(UUID callId, CallMetadata told) {
        Called called = CallerId.called(told.attributes()).map(numbers::called).orElseGet(Unlisted::new);
        Dispatch asked =
                Dispatch.ofJob(told.job()).or(Dispatch.ofRoom(told.room())).or(ofNumber(called));
        asked.warnings().forEach(log::warn);
        String organization = asked.organizationId() == null ? organizationId : asked.organizationId();
        Optional<Flow> flow = flows.forJob(organization, asked.flow(), callId);
        Flow usable = flow.orElseGet(flows::standard);
        Caller caller = CallerId.of(told.attributes(), usable.configuration().defaultRegion());
        Plan plan = new Plan(caller, usable, flow.isPresent(), organization, asked.remembering(), null);
        Listed number =
                called instanceof Listed listed && listed.organizationId().equals(organization) ? listed : null;
        EndReason reason = refused(caller, organization, number);
        return reason == null ? plan : refusing(callId, plan, reason, number == null ? null : number.refusalFlow());
    }

    @Override
    public Plan resumed(Resumed call, CallMetadata told) {
        Plan plan = plan(call.call().callId(), told);
        FlowState state = call.state();
        if (state == null) {
            return plan;
        }
        Optional<Flow> flow = flows.version(
                state.organizationId(), state.root().flowId(), state.root().flowVersion());
        if (flow.isEmpty()) {
            log.error("the call cannot go on: it is at {}, which is not there", state.root());
        }
        return new Plan(
                plan.caller(),
                flow.orElse(plan.flow()),
                flow.isPresent(),
                state.organizationId(),
                plan.memoryAllowed(),
                null);
    }

    private static Dispatch ofNumber(Called called) {
        return switch (called) {
            case Listed(var organization, var flow, var _, var _) -> new Dispatch(organization, flow, true, List.of());
            case Unlisted _ -> Dispatch.NOTHING;
            case Unknown _ -> UNKNOWN;
        };
    }

    private @Nullable EndReason refused(Caller caller, String organization, @Nullable Listed number) {
        if (caller.userId() == null && caller.isWithheld()) {
            return number != null && number.rejectsWithheld() ? EndReason.REJECTED_ANONYMOUS : null;
        }
        return caller.phoneNumber() != null && numbers.isBlocked(organization, hash.of(caller.phoneNumber()))
                ? EndReason.REJECTED_BLOCKED
                : null;
    }

    /** Who is turned away by a flow is remembered no more than who is not answered. */
    private Plan refusing(UUID callId, Plan plan, EndReason reason, @Nullable String flowName) {
        Optional<Flow> flow =
                flowName == null ? Optional.empty() : flows.forJob(plan.organizationId(), flowName, callId);
        return new Plan(
                plan.caller(),
                flow.orElse(plan.flow()),
                plan.flowUsable() || flow.isPresent(),
                plan.organizationId(),
                false,
                new Refusal(reason, flow.isPresent()));
    }
}
