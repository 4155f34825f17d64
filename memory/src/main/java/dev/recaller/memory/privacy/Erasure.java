package dev.recaller.memory.privacy;

import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.Memory;
import dev.recaller.memory.MemoryException;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.sql.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Forgets a caller in one transaction: memories, vectors, calls with their rooms and SIP ids (those known by the number's
 * hash only, too), what their jobs would do, journals, consents, details of the audit. A keyed tombstone stays, which stops
 * turns said before, late jobs and imports. A caller who speaks on or calls again starts anew. Blocks; safe for use by any
 * number of threads.
 *
 * <p>The number is marked unless it belongs to somebody else too: then only the user's own mark stops what comes late.
 */
public final class Erasure {

    private final Guarded transactions;
    private final UnifiedMemoryService memory;
    private final ErasureStore store;
    private final Erasing erasing;

    public Erasure(Database database, InstantSource clock, UnifiedMemoryService memory, IdentityHash hash) {
        this.transactions = new Guarded(database);
        this.memory = memory;
        this.store = new ErasureStore(clock, hash);
        this.erasing = new Erasing(clock, store);
    }

    /**
     * Erases the caller that {@code recall} would find by this identity, and whoever calls by it from now on starts anew.
     * A caller nothing is known of is marked all the same.
     */
    public Erased erase(MemoryIdentity identity, String actor) {
        while (true) {
            Erasing.Candidates candidates = candidates(identity);
            Optional<Erased> erased =
                    transactions.run(identity.organizationId(), tx -> erasing.erase(tx, identity, candidates, actor));
            if (erased.isPresent()) {
                return erased.get();
            }
        }
    }

    /**
     * Erases one memory and what was merged into it.
     *
     * @throws MemoryException {@code NOT_FOUND} when the organization has no such memory
     */
    public Erased erase(MemoryId id, String actor) {
        return transactions.run(id.organizationId(), tx -> erasing.erase(tx, id, actor));
    }

    /** What {@link #erase(MemoryIdentity, String)} would delete now. */
    public Erased preview(MemoryIdentity identity) {
        Erasing.Candidates candidates = candidates(identity);
        return transactions.run(identity.organizationId(), tx -> erasing.preview(tx, identity, candidates));
    }

    /** What {@link #erase(MemoryId, String)} would delete now. */
    public Erased preview(MemoryId id) {
        return transactions.run(id.organizationId(), tx -> erasing.preview(tx, id));
    }

    private Erasing.Candidates candidates(MemoryIdentity identity) {
        List<ErasureStore.Row> rows = transactions.read(identity.organizationId(), tx -> store.rows(tx, identity));
        List<UUID> found = memory.memoriesOf(identity).stream()
                .map(Memory::id)
                .map(MemoryId::value)
                .toList();
        return new Erasing.Candidates(rows, found);
    }
}
