package dev.recaller.worker.store;

import dev.recaller.flow.FlowListener;
import dev.recaller.sql.Database;
import java.time.InstantSource;

/** A listener that counts recalls for {@code memory stats}; closing writes what is not written yet. */
public interface RecallListener extends FlowListener, AutoCloseable {

    /** A database that does not take the counts is tried again when the next call ends. */
    static RecallListener in(Database database, InstantSource clock) {
        return new RecallCounts(database, clock);
    }

    @Override
    void close();
}
