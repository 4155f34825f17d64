package dev.recaller.worker.store;

import dev.recaller.sql.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where recordings are. A recording whose call is gone, by retention or with its caller, is to be deleted: first its files,
 * then its row. Blocks; throws {@link dev.recaller.sql.DatabaseException} when the database does not answer.
 */
public interface RecordingStore {

    /**
     * A recording.
     *
     * @param callId the call's
     * @param called false: the call is gone
     * @param storage names where the files are
     * @param object the files' name there, without its ending
     * @param startedAt of the call
     * @param storedAt absent: not known to be there
     */
    record Row(
            String organizationId,
            UUID callId,
            boolean called,
            String storage,
            String object,
            Instant startedAt,
            @Nullable Instant storedAt,
            @Nullable Long durationMs,
            @Nullable Long bytes) {}

    /**
     * Makes the row of a recording that is to be stored; one that is there stays as it is.
     *
     * @return empty when the call has no row: the recording belongs to nobody any more
     */
    Optional<Row> begin(String organizationId, UUID callId, String storage, String object);

    /**
     * Notes that the files are there.
     *
     * @return false when the call is gone meanwhile: they are to be deleted
     */
    boolean stored(String organizationId, UUID callId, Instant at, @Nullable Long durationMs, long bytes);

    Optional<Row> find(String organizationId, UUID callId);

    /** Those of calls, newest first. */
    List<Row> list(String organizationId, int most);

    /**
     * Has a recording deleted though its call stays.
     *
     * @return false when there is none
     */
    boolean release(String organizationId, UUID callId);

    /** The next organization with recordings to delete. */
    Optional<String> nextToClean(String after);

    /** Recordings to delete, in the order of their calls' ids. */
    List<Row> toDelete(String organizationId, @Nullable UUID after, int most);

    /** The files are gone, and so is the row of a recording that was to be deleted. */
    void deleted(String organizationId, UUID callId);

    static RecordingStore in(Database database) {
        return new RecordingTable(database);
    }
}
