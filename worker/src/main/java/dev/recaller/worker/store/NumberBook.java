package dev.recaller.worker.store;

import dev.recaller.sql.Database;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An organization's numbers and the callers it does not answer, for those who work on them. Blocks; failures are
 * {@link dev.recaller.sql.DatabaseException}s.
 */
public interface NumberBook {

    /**
     * A number that callers call.
     *
     * @param number E.164
     * @param flow a file of flows or the id of a flow; absent: the default flow
     * @param rejectsWithheld callers who withhold their number are turned away
     * @param refusalFlow what those hear who are turned away; absent: they are not answered
     */
    record Entry(
            String number,
            @Nullable String flow,
            boolean rejectsWithheld,
            @Nullable String refusalFlow,
            @Nullable String note) {}

    /**
     * A caller who is not answered.
     *
     * @param numberHash of {@link dev.recaller.worker.caller.NumberHash}
     */
    record Blocked(String numberHash, @Nullable String note, Instant since) {}

    static NumberBook in(Database database) {
        return new NumberTable(database);
    }

    /**
     * Writes the entry of a number, new or in place of the one there is.
     *
     * @return false when the number is another organization's
     */
    boolean set(String organizationId, Entry entry);

    /** All entries, by their numbers. */
    List<Entry> list(String organizationId);

    /** Takes a number from the list; false when the organization has no such number. */
    boolean remove(String organizationId, String number);

    /** Answers this caller no more; a note given replaces the one there is. */
    void block(String organizationId, String numberHash, @Nullable String note);

    /** Answers this caller again; false when the caller was not blocked. */
    boolean unblock(String organizationId, String numberHash);

    /** Newest first. */
    List<Blocked> blocked(String organizationId);
}
