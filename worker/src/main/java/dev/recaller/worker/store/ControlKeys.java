package dev.recaller.worker.store;

import dev.recaller.sql.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keys of the control API. The worker's role may only look one up; who makes and ends them connects as the owner. Blocks;
 * failures are {@link dev.recaller.sql.DatabaseException}s.
 */
public interface ControlKeys {

    /** Stands for the installation, where an organization would stand. */
    String INSTALLATION = "*";

    /**
     * A key, without what proves it.
     *
     * @param id 12 hexadecimal digits, stands in the key
     * @param role viewer, operator, admin or installation
     * @param expiresAt absent: never
     * @param revokedAt absent: it was not
     */
    record Key(
            String organizationId,
            String id,
            String role,
            @Nullable String note,
            Instant validFrom,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt) {

        public boolean holdsAt(Instant time) {
            return !time.isBefore(validFrom)
                    && (expiresAt == null || time.isBefore(expiresAt))
                    && (revokedAt == null || time.isBefore(revokedAt));
        }
    }

    /**
     * A key that was looked up.
     *
     * @param secretHash SHA-256 of its secret, in hexadecimal
     */
    record Found(Key key, String secretHash) {}

    static ControlKeys in(Database database) {
        return new ControlKeyTable(database);
    }

    /** The key with this id, whosever it is and whether it holds or not. */
    Optional<Found> find(String id);

    /** For the owner. */
    void add(Key key, String secretHash);

    /** For the owner: of one organization, the newest first. */
    List<Key> list(String organizationId);

    /**
     * For the owner: has the key not hold any more.
     *
     * @return false when the organization has none of this id that was not revoked before
     */
    boolean revoke(String organizationId, String id, Instant at);
}
