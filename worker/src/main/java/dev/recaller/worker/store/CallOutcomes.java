package dev.recaller.worker.store;

import dev.recaller.sql.Database;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How calls of any worker stand, as their rows tell. Blocks; failures are {@link dev.recaller.sql.DatabaseException}s. */
public interface CallOutcomes {

    /**
     * A call as its worker last told of it.
     *
     * @param answeredAt absent: nobody picked up yet, or ever
     * @param endReason the label of {@link dev.recaller.flow.EndReason}; absent while it goes on
     * @param sipStatus what the telephone network answered instead of somebody; absent: nothing
     */
    record CallOutcome(
            @Nullable Instant answeredAt,
            @Nullable String endReason,
            @Nullable Integer sipStatus) {}

    static CallOutcomes in(Database database) {
        return new CallTable(database, () -> {});
    }

    /** Empty: the organization has no such call. */
    Optional<CallOutcome> find(String organizationId, UUID callId);
}
