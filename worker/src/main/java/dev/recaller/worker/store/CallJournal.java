package dev.recaller.worker.store;

import dev.recaller.flow.FlowJournal;
import dev.recaller.sql.Database;
import java.time.Duration;

/**
 * Where live calls stand, in the database: one row a call, beside the call's row and gone with it. A call whose row is
 * not there, not yet or because its caller was erased, has none, and neither has one that ended.
 */
public interface CallJournal extends FlowJournal {

    /** How long a call waits for the database to save. */
    Duration LIMIT = Duration.ofMillis(500);

    /** {@code lost} is run for each state the database did not take; the next one makes up for it. */
    static CallJournal in(Database database, Runnable lost) {
        return new CallStateTable(database, LIMIT, lost);
    }
}
