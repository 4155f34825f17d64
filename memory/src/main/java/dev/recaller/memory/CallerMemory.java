package dev.recaller.memory;

import java.time.Duration;

/**
 * What one call knows of its caller: read from the database when the phone rings, searched in this process afterwards. For
 * any of the call's threads; close it when the call ends. To be opened anew when the caller's assurance rises.
 */
public interface CallerMemory extends AutoCloseable {

    /** How well the caller was proven when this was opened; no row above it was read. */
    Assurance assurance();

    /**
     * What the call may know of its caller now. What this or another call stored, changed, merged or erased since is
     * noticed: each recall compares one row with what was loaded. Only while the database does not answer, and for a minute
     * at most, what was loaded is all there is; a memory known to have changed is never answered from before. A model that
     * does not read the query in time leaves it to the query's words.
     *
     * @param query of this handle's assurance and call
     * @param limit hard, at least a millisecond
     * @throws MemoryException {@code TIMEOUT} when the limit is over, {@code UNAVAILABLE} when the database is
     */
    Recollection recall(Query query, Duration limit);

    /**
     * Reads what changed, so that the next recall need not. To be called after the call stored something, off the talk's
     * thread. A database that fails is left to the next recall.
     */
    void refresh(Duration limit);

    /** Lets go of everything; a recall after it finds nothing. */
    @Override
    void close();
}
