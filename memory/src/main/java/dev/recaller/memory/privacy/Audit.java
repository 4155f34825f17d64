package dev.recaller.memory.privacy;

import dev.recaller.memory.MemoryId;
import dev.recaller.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who read or changed what is remembered, beside the calls themselves: an operator, another organization, a program. Rows
 * name ids, never content, and live {@link #KEPT}. Blocks; safe for use by any number of threads.
 */
public final class Audit {

    /** Long enough to ask about the last year, the usual period of an access report. */
    public static final Duration KEPT = Duration.ofDays(365);

    /** What was done. */
    public enum Action {
        SHOW,
        SEARCH,
        LIST,
        EXPORT,
        IMPORT,
        ERASE,
        SHARE,
        REVOKE,
        SHARED_READ,
        MERGE,
        UNDO_MERGE,
        RESTORE,
        RECORDING_LIST,
        RECORDING_GET,
        RECORDING_DELETE,
        NUMBER_SET,
        NUMBER_LIST,
        NUMBER_REMOVE,
        NUMBER_BLOCK,
        NUMBER_UNBLOCK,
        NUMBER_BLOCKED
    }

    /**
     * One row.
     *
     * @param actor for example {@code operator:anna}, {@code organization:acme}
     * @param action as it stands in the table, other parts of the program add theirs
     * @param detail a JSON object
     */
    public record Entry(
            Instant at,
            String actor,
            String action,
            @Nullable UUID memoryId,
            String detail) {}

    private final Guarded transactions;
    private final AuditStore store;

    public Audit(Database database, InstantSource clock) {
        this.transactions = new Guarded(database);
        this.store = new AuditStore(clock);
    }

    /** Notes that somebody did this to one memory. */
    public void note(MemoryId memory, String actor, Action action) {
        transactions.run(
                memory.organizationId(),
                tx -> store.add(tx, memory.organizationId(), actor, action, memory.value(), "{}"));
    }

    /** Notes that somebody did this to the organization's memories as a whole. */
    public void note(String organizationId, String actor, Action action) {
        transactions.run(organizationId, tx -> store.add(tx, organizationId, actor, action, null, "{}"));
    }

    /** The last rows of one memory, newest first. */
    public List<Entry> entries(MemoryId memory, int limit) {
        return transactions.read(memory.organizationId(), tx -> store.of(tx, memory, limit));
    }
}
