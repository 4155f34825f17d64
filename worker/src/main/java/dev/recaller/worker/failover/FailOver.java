package dev.recaller.worker.failover;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowJournal;
import dev.recaller.flow.FlowState;
import dev.recaller.flow.FlowStateException;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.agent.Job;
import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.server.LiveKitServer.OpenRoom;
import dev.recaller.livekit.server.LiveKitServer.Present;
import dev.recaller.sql.DatabaseException;
import dev.recaller.worker.call.AfterCalls;
import dev.recaller.worker.call.HeldCalls;
import dev.recaller.worker.call.Resumed;
import dev.recaller.worker.store.CallLeases;
import dev.recaller.worker.store.CallLeases.Lost;
import dev.recaller.worker.store.CallLeases.Taken;
import dev.recaller.worker.telemetry.Meters;
import dev.recaller.worker.telemetry.Meters.Rescue;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes calls whose worker was lost. LiveKit lists a dead agent for another 20 s, replaces nobody, and would offer a job to
 * a worker that is frozen as gladly as to another: who sees a lease that is over takes it and joins the room by itself. A call
 * whose caller is gone is ended instead.
 */
public final class FailOver {
    private static final Logger log = LoggerFactory.getLogger(FailOver.class);

    private final URI liveKit;
    private final LiveKitServer server;
    private final CallLeases leases;
    private final FlowJournal journal;
    private final AfterCalls afterCalls;
    private final Meters meters;

    /** @param liveKit where rooms are joined */
    public FailOver(
            URI liveKit,
            LiveKitServer server,
            CallLeases leases,
            FlowJournal journal,
            AfterCalls afterCalls,
            Meters meters) {
        this.liveKit = liveKit;
        this.server = server;
        this.leases = leases;
        this.journal = journal;
        this.afterCalls = afterCalls;
        this.meters = meters;
    }

    /**
     * Takes a lost call over, to go on with at once. Blocks; what does not work now is tried again when the lease is over
     * again.
     *
     * @return empty when there is nothing to go on with
     */
    public Optional<Resumed> take(Lost call) {
        try {
            Optional<Taken> taken = leases.take(call);
            return taken.isPresent() ? resumed(call, taken.get()) : Optional.empty();
        } catch (LiveKitException | DatabaseException e) {
            log.error("nobody goes on with call {} yet: {}", call.callId(), e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Resumed> resumed(Lost call, Taken taken) {
        endConsultations(call.callId());
        if (server.present(call.room()).stream().noneMatch(Present::isTelephone)) {
            log.warn("the worker of call {} is lost, and its caller is gone", call.callId());
            afterCalls.ended(call.callId(), () -> leases.end(call, EndReason.WORKER_LOST));
            meters.rescued(Rescue.ENDED);
            server.deleteRoom(call.room(), call.roomSid());
            return Optional.empty();
        }
        log.warn("the worker of call {} is lost, it goes on here", call.callId());
        meters.rescued(Rescue.RESUMED);
        String id = Resumed.jobId();
        String token = server.roomToken(call.room(), Job.identity(id));
        var job = Job.unoffered(id, liveKit, token, call.room(), call.roomSid(), taken.metadata());
        return Optional.of(new Resumed(taken, job, state(call)));
    }

    private @Nullable FlowState state(Lost call) {
        try {
            return journal.find(call.organizationId(), call.callId()).orElse(null);
        } catch (FlowStateException e) {
            log.error("call {} begins anew: {}", call.callId(), e.getMessage());
            return null;
        }
    }

    /** Whoever was telephoned beside the caller hears nobody any more. */
    private void endConsultations(UUID callId) {
        server.rooms().stream()
                .map(OpenRoom::name)
                .filter(room -> HeldCalls.isBeside(callId, room))
                .forEach(server::deleteRoom);
    }
}
