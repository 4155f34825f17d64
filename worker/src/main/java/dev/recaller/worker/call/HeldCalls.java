package dev.recaller.worker.call;

import dev.recaller.sql.DatabaseException;
import dev.recaller.worker.store.CallLeases;
import dev.recaller.worker.telemetry.Meters;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls of this worker that another one goes on with should this one be lost. Any thread. */
public final class HeldCalls {
    private static final Logger log = LoggerFactory.getLogger(HeldCalls.class);

    /** A caller whose call ends must not hear nothing for longer. */
    private static final Duration SURE = Duration.ofMillis(500);

    private final CallLeases leases;
    private final Meters meters;
    private final Map<UUID, Runnable> held = new ConcurrentHashMap<>();
    private volatile long renewedNs = System.nanoTime();

    public HeldCalls(CallLeases leases, Meters meters) {
        this.leases = leases;
        this.meters = meters;
    }

    /** Whether a room is one in which somebody was telephoned beside this call's caller. */
    public static boolean isBeside(UUID callId, String roomName) {
        return roomName.startsWith(SecondLeg.roomNames(callId));
    }

    /**
     * A call that begins here and whose row is written. Blocks; a database that does not take it is logged, and if this worker
     * is lost, so is the call.
     *
     * @param taken run when another worker has it, which took this one for lost
     */
    void hold(CallLeases.Held call, Runnable taken) {
        try {
            leases.hold(call);
            goOn(call.callId(), taken);
        } catch (DatabaseException e) {
            log.warn("nobody could go on with call {}: {}", call.callId(), e.getMessage());
        }
    }

    /** A call that this worker took over. */
    void goOn(UUID callId, Runnable taken) {
        held.put(callId, taken);
    }

    /** Its end is written, or it is not ours any more. */
    void release(UUID callId) {
        held.remove(callId);
    }

    /**
     * Makes sure that a call is still ours before its end is told to others: a worker that stood still may have lost it without
     * knowing. Blocks only when the last renewal is so long ago, and for {@link #SURE} at most: a database that does not answer
     * leaves it ours.
     */
    void makeSure() {
        if (!mayBeLost()) {
            return;
        }
        try {
            if (!Thread.startVirtualThread(this::renewIfAnswered).join(SURE)) {
                log.warn("it is not known whether calls are still ours: the database does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renewIfAnswered() {
        try {
            renew();
        } catch (DatabaseException e) {
            log.warn("it is not known whether calls are still ours: {}", e.getMessage());
        }
    }

    /**
     * Keeps the calls ours; to be done twice a second. Blocks.
     *
     * @throws DatabaseException when the database does not answer
     */
    public void renew() {
        long began = System.nanoTime();
        Set<UUID> ours = Set.copyOf(held.keySet());
        if (ours.isEmpty()) {
            renewedNs = began;
            return;
        }
        leases.renew(ours).forEach(this::lost);
        renewedNs = began;
    }

    /**
     * Another worker has come to go on with a call of ours. It has the call if ours could not be renewed: the database is out of
     * our reach, and not of its.
     */
    void takenOver(UUID callId) {
        if (mayBeLost()) {
            lost(callId);
        }
    }

    /** Whether others may take this worker for lost. */
    private boolean mayBeLost() {
        return System.nanoTime() - renewedNs > CallLeases.LASTS.toNanos();
    }

    private void lost(UUID callId) {
        Runnable taken = held.remove(callId);
        if (taken != null) {
            log.error("call {} was taken by another worker, for which this one was lost", callId);
            meters.rescued(Meters.Rescue.LOST);
            taken.run();
        }
    }
}
