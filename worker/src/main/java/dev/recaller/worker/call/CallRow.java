package dev.recaller.worker.call;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.Flow;
import dev.recaller.livekit.room.Room;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryException;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.worker.caller.CarrierCall;
import dev.recaller.worker.store.CallLeases.Held;
import dev.recaller.worker.store.CallStore;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The call's row in the database, begun beside the call so that a slow database holds up no caller, and ended after it.
 * {@link #answered} may come from any thread.
 */
final class CallRow {
    private record Begun(CallStore.Call call, Held held, boolean saved) {}

    private final UUID id;
    private final String metadata;
    private final CallServices services;
    private final Runnable taken;
    private final Instant startedAt;
    private @Nullable CompletableFuture<Begun> begun; // guarded by this
    private volatile @Nullable Instant answeredAt;
    private volatile @Nullable Integer sipStatus;

    /**
     * Of a call that starts now, or started elsewhere.
     *
     * @param metadata of its job
     * @param taken run when another worker has the call
     */
    CallRow(UUID id, String metadata, @Nullable Resumed resumed, CallServices services, Runnable taken) {
        this.id = id;
        this.metadata = metadata;
        this.services = services;
        this.taken = taken;
        if (resumed == null) {
            startedAt = services.clock().instant();
        } else {
            startedAt = resumed.call().startedAt();
            answeredAt = resumed.call().answeredAt();
            services.held().goOn(id, taken);
        }
    }

    /** Returns at once. May be told again, when more is known. */
    synchronized void begin(Plan plan, Map<String, String> attributes, Room room) {
        var held = new Held(plan.organizationId(), id, room.name(), room.sid(), metadata);
        CompletableFuture<@Nullable Begun> before =
                begun == null ? CompletableFuture.completedFuture(null) : begun.thenApply(row -> row);
        begun = before.thenApplyAsync(
                row -> written(call(plan, attributes, room), held, row), Thread::startVirtualThread);
    }

    private Begun written(CallStore.Call call, Held held, @Nullable Begun before) {
        boolean saved = services.store().save(call);
        if (saved) {
            services.held().hold(held, taken);
        }
        return new Begun(call, held, saved || (before != null && before.saved()));
    }

    Instant startedAt() {
        return startedAt;
    }

    /** Returns at once. Of a call that goes on here the answer stays what it was elsewhere. */
    synchronized void answered() {
        if (answeredAt != null) {
            return;
        }
        Instant now = services.clock().instant();
        answeredAt = now;
        if (begun != null) {
            begun = begun.thenApplyAsync(
                    row -> written(row.call().answered(now), row.held(), row), Thread::startVirtualThread);
        }
    }

    /** Nobody picked up: what the telephone network answered. */
    void notReached(int status) {
        sipStatus = status == 0 ? null : status;
        answeredAt = null; // who listens to our silence while it rings has not picked up
    }

    boolean isAnswered() {
        return answeredAt != null;
    }

    /** Waits for the beginning to be written; without one there was no caller and is no row. */
    void end(EndReason reason) {
        CompletableFuture<Begun> beginning = beginning();
        if (beginning != null) {
            Begun row = beginning.join();
            Instant answered = answeredAt;
            CallStore.Call call = answered == null ? row.call() : row.call().answered(answered);
            Instant now = services.clock().instant();
            services.store().end(call.notReached(sipStatus).ended(now, reason), row.saved());
        }
        services.held().release(id);
    }

    private synchronized @Nullable CompletableFuture<Begun> beginning() {
        return begun;
    }

    private CallStore.Call call(Plan plan, Map<String, String> attributes, Room room) {
        String number = plan.caller().phoneNumber();
        var carrier = CarrierCall.of(attributes);
        var telephone = new CallStore.Telephone(
                room.name(),
                room.sid(),
                attributes.get("sip.callIDFull"),
                attributes.get("sip.trunkID"),
                carrier.callId(),
                carrier.sessionId(),
                number == null ? null : services.numbers().of(number));
        return new CallStore.Call(
                id,
                plan.organizationId(),
                plan.flow().id(),
                plan.flow().version(),
                retentionDays(services.memory(), plan.organizationId(), plan.flow()),
                telephone,
                startedAt,
                answeredAt,
                null,
                null,
                null);
    }

    /** May ask the database. */
    static int retentionDays(UnifiedMemoryService memory, String organizationId, Flow flow) {
        var ofFlow = flow.configuration().memory();
        try {
            return memory.configuration(organizationId, ofFlow).retentionDays();
        } catch (MemoryException e) {
            return MemoryConfiguration.resolve(ofFlow, MemoryConfiguration.Given.NOTHING)
                    .retentionDays();
        }
    }
}
