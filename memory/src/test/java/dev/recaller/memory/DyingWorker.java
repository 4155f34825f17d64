package dev.recaller.memory;

import dev.recaller.memory.jobs.QuickJobs;
import dev.recaller.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A process that takes a job and never ends it. Arguments: the database's URL, the time it is. Says "claimed". */
final class DyingWorker {

    private DyingWorker() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws InterruptedException {
        Database database = Database.open(arguments[0], 5);
        InstantSource clock = InstantSource.offset(
                InstantSource.system(), Duration.between(Instant.now(), Instant.parse(arguments[1])));
        var memory = new UnifiedMemoryService(database, clock, MemoryTest.KEY, null);
        QuickJobs.of(
                        database,
                        memory,
                        _ -> {
                            System.out.println("claimed");
                            for (; ; ) {
                                LockSupport.park();
                            }
                        },
                        List.of(),
                        clock,
                        (_, _, _) -> {})
                .start();
        Thread.currentThread().join();
    }
}
