package dev.recaller.worker.telemetry;

import dev.recaller.memory.MemoryException;
import dev.recaller.memory.jobs.JobCounts;
import dev.recaller.memory.jobs.JobListener;
import dev.recaller.memory.jobs.MemoryJobs;
import dev.recaller.worker.telemetry.Meters.JobOutcome;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Measures memory's jobs: each try as it ends, and how they stand whenever somebody scrapes. */
public final class JobMeters implements JobListener {

    /** A scrape asks for several numbers and the database once. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final Meters meters;

    public JobMeters(Meters meters) {
        this.meters = meters;
    }

    @Override
    public void ended(String kind, Outcome outcome, Duration took) {
        JobOutcome label =
                switch (outcome) {
                    case DONE -> JobOutcome.DONE;
                    case NOTHING -> JobOutcome.NOTHING;
                    case FAILED -> JobOutcome.FAILED;
                    case PARKED -> JobOutcome.PARKED;
                    case LOST -> JobOutcome.LOST;
                };
        meters.job(kind, label, took);
    }

    /** Shows how the jobs of each kind stand; without a database no number. */
    public void watch(MemoryJobs jobs, List<String> kinds) {
        var latest = new Latest(jobs);
        for (String kind : kinds) {
            meters.jobs(kind, "pending", () -> latest.of(kind, JobCounts::pending));
            meters.jobs(kind, "running", () -> latest.of(kind, JobCounts::running));
            meters.jobs(kind, "parked", () -> latest.of(kind, JobCounts::parked));
            meters.jobLag(kind, () -> latest.of(kind, counts -> counts.lag().toMillis() / 1000.0));
        }
    }

    private static final class Latest {
        private final MemoryJobs jobs;
        private List<JobCounts> counts = List.of();
        private long countedAt;

        Latest(MemoryJobs jobs) {
            this.jobs = jobs;
            this.countedAt = System.nanoTime() - FRESH.toNanos();
        }

        synchronized double of(String kind, ToDoubleFunction<JobCounts> number) {
            if (System.nanoTime() - countedAt >= FRESH.toNanos()) {
                counts = counted();
                countedAt = System.nanoTime();
            }
            return counts.stream()
                    .filter(known -> known.kind().equals(kind))
                    .mapToDouble(number)
                    .findFirst()
                    .orElse(Double.NaN);
        }

        private List<JobCounts> counted() {
            try {
                return jobs.counts();
            } catch (MemoryException e) {
                return List.of();
            }
        }
    }
}
