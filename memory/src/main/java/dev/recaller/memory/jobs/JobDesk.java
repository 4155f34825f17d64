package dev.recaller.memory.jobs;

import dev.recaller.sql.Database;
import java.time.InstantSource;
import java.util.List;

/**
 * An operator's view of the jobs of all workers on a database. Safe for use by any thread; a database that fails is a
 * {@link dev.recaller.memory.MemoryException}.
 */
public final class JobDesk {

    private final JobTable table;
    private final InstantSource clock;

    public JobDesk(Database database, InstantSource clock) {
        this.table = new JobTable(database);
        this.clock = clock;
    }

    /** How jobs stand, by kind; kinds without any are left out. */
    public List<JobCounts> counts() {
        return List.copyOf(table.counts(clock.instant()).values());
    }

    /** Jobs that failed too often, oldest first. */
    public List<ParkedJob> parked() {
        return table.parked();
    }

    /** Has a parked job tried again from the start, by whichever worker looks next; false when it is parked no more. */
    public boolean retry(ParkedJob job) {
        return table.unpark(job, clock.instant());
    }
}
