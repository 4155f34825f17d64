package dev.recaller.memory.jobs;

import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.extract.Extractor;
import dev.recaller.sql.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Jobs that look for work as often as a test wants it. */
public final class QuickJobs {

    private static final MemoryJobs.Pace QUICK =
            new MemoryJobs.Pace(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofMillis(200));

    /** After so long without a sign of life another process takes over. */
    public static final Duration DEAD = Duration.ofSeconds(1);

    private QuickJobs() {}

    public static MemoryJobs of(
            Database database,
            UnifiedMemoryService memory,
            Extractor extractor,
            List<Sweep> sweeps,
            InstantSource clock,
            JobListener listener) {
        return new MemoryJobs(database, memory, _ -> extractor, sweeps, clock, listener, QUICK);
    }
}
