package dev.recaller.memory.privacy;

import dev.recaller.memory.MemoryException;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.MemoryIdentity;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;

/** An erasure within its transaction: who is meant, and what to do. */
final class Erasing {

    /**
     * Whom an identity means.
     *
     * @param rows all rows with its user or its number, as they were before they were looked through
     * @param found those of the caller
     */
    record Candidates(List<ErasureStore.Row> rows, List<UUID> found) {

        /** A number alone that belongs to several users. */
        boolean isShared(MemoryIdentity identity) {
            return found.isEmpty() && !rows.isEmpty() && identity.userId() == null;
        }

        Erased shared(MemoryIdentity identity) {
            return new Erased.SharedNumber(rows.stream()
                    .map(row -> new MemoryId(identity.organizationId(), row.id()))
                    .toList());
        }
    }

    private final InstantSource clock;
    private final ErasureStore store;

    Erasing(InstantSource clock, ErasureStore store) {
        this.clock = clock;
        this.store = store;
    }

    /**
     * Erases what was found of a caller outside of the transaction, which has one connection only.
     *
     * @return empty when the rows it was found among are others by now: find again
     */
    Optional<Erased> erase(DSLContext tx, MemoryIdentity identity, Candidates candidates, String actor) {
        // Whoever would make this caller's memory waits from here on.
        store.lock(tx, identity);
        if (!store.rows(tx, identity).equals(candidates.rows())) {
            return Optional.empty();
        }
        ErasureStore.Caller caller = store.caller(tx, identity.organizationId(), candidates.found(), identity);
        return Optional.of(candidates.isShared(identity) ? candidates.shared(identity) : erase(tx, caller, actor));
    }

    Erased erase(DSLContext tx, MemoryId id, String actor) {
        return erase(tx, caller(tx, id), actor);
    }

    Erased preview(DSLContext tx, MemoryIdentity identity, Candidates candidates) {
        return candidates.isShared(identity)
                ? candidates.shared(identity)
                : new Erased.Preview(
                        store.count(tx, store.caller(tx, identity.organizationId(), candidates.found(), identity)));
    }

    Erased preview(DSLContext tx, MemoryId id) {
        return new Erased.Preview(store.count(tx, caller(tx, id)));
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
