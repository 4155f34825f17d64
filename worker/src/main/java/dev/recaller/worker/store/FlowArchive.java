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
     * @param previous the version that was active before; absent: none was
     * @param canary which a share of calls runs instead of the active one; absent: all run that
     */
    record Listed(
            String id,
            String name,
            @Nullable Integer active,
            @Nullable Integer previous,
            @Nullable Canary canary,
            int newest,
            long versions,
            Instant updatedAt) {}

    /**
     * A version that a share of calls runs.
     *
     * @param percent of calls, 1 to 99
     */
    record Canary(int version, int percent) {}

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
     * Has calls that begin from now on run this version, all of them; an older one as well. A canary ends.
     *
     * @return false when there is no such version
     */
    boolean activate(String organizationId, Flow flow);

    /**
     * Has calls that begin from now on run the version that was active before the present one, which takes its place: what is
     * done twice is undone. A canary ends.
     *
     * @return the version that is active now; empty: none was active before
     */
    Optional<Integer> rollBack(String organizationId, String flowId);

    /**
     * Has a share of calls that begin from now on run another version than the active one. Which call does is decided by its
     * id alone.
     *
     * @param canary absent: none does any more
     * @return false when there is no such version, or none is active
     */
    boolean canary(String organizationId, String flowId, @Nullable Canary canary);

    /**
     * Has calls that begin from now on run no version of this flow, but the file of its id; all versions are kept.
     *
     * @return the version that was active; empty: none was
     */
    Optional<Integer> deactivate(String organizationId, String flowId);
}
