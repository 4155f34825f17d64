package dev.recaller.memory.privacy;

import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.Memory;
import dev.recaller.memory.MemoryException;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;

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
    private final InstantSource clock;
    private final UnifiedMemoryService memory;
    private final ErasureStore store;

    public Erasure(Database database, InstantSource clock, UnifiedMemoryService memory, IdentityHash hash) {
        this.transactions = new Guarded(database);
        this.clock = clock;
        this.memory = memory;
        this.store = new ErasureStore(clock, hash);
    }

    /**
     * Erases the caller that {@code recall} would find by this identity, and whoever calls by it from now on starts anew.
     * A caller nothing is known of is marked all the same.
     */
    public Erased erase(MemoryIdentity identity, String actor) {
        return transactions.run(identity.organizationId(), tx -> {
            // Whoever would make this caller's memory waits; what is committed is found by the rules of recall.
            store.lock(tx, identity);
            Found found = find(tx, identity);
            return found.shared().isEmpty()
                    ? erase(tx, found.caller(), actor)
                    : new Erased.SharedNumber(found.shared());
        });
    }

    /**
     * Erases one memory and what was merged into it.
     *
     * @throws MemoryException {@code NOT_FOUND} when the organization has no such memory
     */
    public Erased erase(MemoryId id, String actor) {
        return transactions.run(id.organizationId(), tx -> erase(tx, caller(tx, id), actor));
    }

    /** What {@link #erase(MemoryIdentity, String)} would delete now. */
    public Erased preview(MemoryIdentity identity) {
        return transactions.run(identity.organizationId(), tx -> {
            Found found = find(tx, identity);
            return found.shared().isEmpty()
                    ? new Erased.Preview(store.count(tx, found.caller()))
                    : new Erased.SharedNumber(found.shared());
        });
    }

    /** What {@link #erase(MemoryId, String)} would delete now. */
    public Erased preview(MemoryId id) {
        return transactions.run(id.organizationId(), tx -> new Erased.Preview(store.count(tx, caller(tx, id))));
    }

    private record Found(ErasureStore.Caller caller, List<MemoryId> shared) {}

    private Found find(DSLContext tx, MemoryIdentity identity) {
        List<UUID> memories = memory.memoriesOf(identity).stream()
                .map(Memory::id)
                .map(MemoryId::value)
                .toList();
        List<MemoryId> shared =
                memories.isEmpty() && identity.userId() == null ? store.withNumber(tx, identity) : List.of();
        return new Found(store.caller(tx, identity.organizationId(), memories, identity), shared);
    }

    private ErasureStore.Caller caller(DSLContext tx, MemoryId id) {
        ErasureStore.Caller caller = store.caller(tx, id.organizationId(), List.of(id.value()), null);
        if (caller.memories().isEmpty()) {
            throw MemoryException.notFound(id);
        }
        return caller;
    }

    private Erased erase(DSLContext tx, ErasureStore.Caller caller, String actor) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS); // as the table keeps it
        Map<String, Long> counts = store.delete(tx, caller);
        return new Erased.Done(store.receipt(tx, caller, now, counts, actor));
    }
}
