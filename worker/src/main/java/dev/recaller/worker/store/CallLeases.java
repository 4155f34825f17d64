package dev.recaller.worker.store;

import dev.recaller.flow.EndReason;
import dev.recaller.sql.Database;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which worker holds which telephone call. By the database's clock; every method asks the database and throws
 * {@link dev.recaller.sql.DatabaseException} when it does not answer.
 */
public interface CallLeases {

    /** A worker that has not renewed for so long has lost its calls. */
    Duration LASTS = Duration.ofMillis(1_750);

    /**
     * A call that goes on.
     *
     * @param room contains the caller's number, as does {@code metadata}, its job's
     */
    record Held(String organizationId, UUID callId, String room, String roomSid, String metadata) {}

    /** A call whose worker was lost. */
    record Lost(String organizationId, UUID callId, String room, String roomSid) {}

    /**
     * A call that another worker began.
     *
     * @param metadata of the job it was begun with
     */
    record Taken(
            String organizationId,
            UUID callId,
            String metadata,
            Instant startedAt,
            @Nullable Instant answeredAt) {}

    /**
     * A call that goes on in another worker.
     *
     * @param control the URL of that worker's control API; null: it has none, or none that others reach
     */
    record Elsewhere(
            UUID callId,
            String flowId,
            int flowVersion,
            Instant startedAt,
            @Nullable Instant answeredAt,
            @Nullable URI control) {}

    /**
     * Leases of one worker's process.
     *
     * @param control where others find this worker's control API; gives null while there is none
     */
    static CallLeases in(Database database, UUID worker, Supplier<@Nullable URI> control) {
        return new CallLeaseTable(database, worker, control);
    }

    /** A call begins here. Without a row of the call nothing is held, and nobody goes on with it. */
    void hold(Held call);

    /**
     * Holds these for another {@link #LASTS}.
     *
     * @return those of them that another worker has by now
     */
    Set<UUID> renew(Collection<UUID> calls);

    /** The calls of an organization that go on in other workers, the oldest first; a thousand at most. */
    List<Elsewhere> elsewhere(String organizationId);

    /** This call of an organization, where another worker has it. */
    Optional<Elsewhere> elsewhere(String organizationId, UUID callId);

    /** Calls whose workers were lost, of all organizations; a hundred at most. */
    List<Lost> lost();

    /**
     * Goes on with a lost call, which is to be renewed from now on.
     *
     * @return empty when another worker was first, or it has ended
     */
    Optional<Taken> take(Lost call);

    /**
     * Does something that only one worker at a time may do; nothing when another one is at it. A connection is held meanwhile,
     * which ends the exclusion with the worker: for what is rare and takes seconds at most.
     */
    void alone(String what, Runnable work);

    /** Ends a call that was taken and cannot go on; its row says so. */
    void end(Lost call, EndReason reason);
}
