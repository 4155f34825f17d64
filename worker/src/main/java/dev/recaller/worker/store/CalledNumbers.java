package dev.recaller.worker.store;

import dev.recaller.sql.Database;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whose a number is that somebody calls, and whom an organization does not answer, for its calls. While the database does
 * not answer, what it last said of a number stands.
 */
public interface CalledNumbers {

    /** What is known of a number. */
    sealed interface Called {}

    /**
     * A number of an organization.
     *
     * @param flow as a job's metadata names it; absent: the default flow
     * @param rejectsWithheld callers who withhold their number are turned away
     * @param refusalFlow what those hear who are turned away; absent: they are not answered
     */
    record Listed(
            String organizationId,
            @Nullable String flow,
            boolean rejectsWithheld,
            @Nullable String refusalFlow) implements Called {}

    /** A number of no organization. */
    record Unlisted() implements Called {}

    /** The database did not say, now or before. */
    record Unknown() implements Called {}

    /**
     * The numbers in this database.
     *
     * @param limit how long a call waits for the database, once: while it is silent no other does
     * @param problems hears what calls could not have
     */
    static CalledNumbers in(Database database, Duration limit, Consumer<String> problems) {
        return new StoredNumbers(database, limit, problems);
    }

    /** Whose a number in E.164 is. */
    Called called(String number);

    /**
     * Whether the organization does not answer this caller; while the database is silent it answers everybody.
     *
     * @param numberHash of {@link dev.recaller.worker.caller.NumberHash}
     */
    boolean isBlocked(String organizationId, String numberHash);
}
