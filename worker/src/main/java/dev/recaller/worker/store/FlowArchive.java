package dev.recaller.worker.store;

import dev.recaller.flow.definition.Flow;
import dev.recaller.sql.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An organization's flows in the database, for those who work on them. A version never changes, but for its tests and its
 * layout. Blocks; failures are {@link dev.recaller.sql.DatabaseException}s.
 */
public interface FlowArchive {

    enum Put {
        STORED,
        /** The version was there with this content. */
        SAME,
        /** The version was there with another content, which stands. */
        REFUSED
    }

    /**
     * A flow in short.
     *
     * @param active the version that calls run; absent: none, a file of this id is run
     */
    record Listed(String id, String name, @Nullable Integer active, int newest, long versions, Instant updatedAt) {}

    /** A version in short. */
    record Version(int version, boolean active, Instant createdAt) {}

    static FlowArchive in(Database database) {
        return new FlowTable(database);
    }

    /**
     * Keeps a version; calls run it once it is activated.
     *
     * @param document what {@code flow} was read from
     */
    Put put(String organizationId, Flow flow, String document);

    /** All flows, by their ids. */
    List<Listed> list(String organizationId);

    /** The versions of a flow, the newest first; also those that calls ran from a file. */
    List<Version> versions(String organizationId, String flowId);

    /** A version as it was put. */
    Optional<String> document(String organizationId, String flowId, int version);

    /**
     * Has calls that begin from now on run this version; an older one as well.
     *
     * @return false when there is no such version
     */
    boolean activate(String organizationId, Flow flow);

    /**
     * Has calls that begin from now on run no version of this flow, but the file of its id; all versions are kept.
     *
     * @return the version that was active; empty: none was
     */
    Optional<Integer> deactivate(String organizationId, String flowId);
}
