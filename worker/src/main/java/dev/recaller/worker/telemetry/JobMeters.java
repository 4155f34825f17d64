package dev.recaller.worker.telemetry;

import static dev.recaller.worker.telemetry.Instruments.label;
import static dev.recaller.worker.telemetry.Instruments.millis;

import dev.recaller.memory.MemoryException;
import dev.recaller.memory.jobs.JobCounts;
import dev.recaller.memory.jobs.JobListener;
import dev.recaller.memory.jobs.MemoryJobs;
import dev.recaller.memory.privacy.Swept;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/** Measures memory's jobs: each try as it ends, and how they stand whenever somebody scrapes. */
public final class JobMeters implements JobListener {

    private static final Duration[] BUCKETS = millis(50, 250, 1000, 2500, 5000, 10000, 30000, 60000, 120000);

    private final Instruments instruments;

    public JobMeters(Meters meters) {
        this.instruments = meters.instruments();
    }

    @Override
    public void ended(String kind, Outcome outcome, Duration took) {
        instruments
                .timer(
                        "recaller.memory.job",
                        "Tries of memory's jobs and sweeps",
                        BUCKETS,
                        Tags.of("kind", kind, "outcome", label(outcome)))
                .record(took);
    }

    /** What retention deleted. */
    public void swept(Swept swept) {
        swept.deleted()
                .forEach((table, rows) -> instruments
                        .counter(
                                "recaller.memory.retention.deleted",
                                "Rows deleted because their time was over",
                                Tags.of("table", table))
                        .increment((double) rows));
    }

    /** Shows how the jobs of each kind stand; without a database no number. */
    public void watch(MemoryJobs jobs, List<String> kinds) {
        var latest = new Fresh<List<JobCounts>>(List.of(), () -> counted(jobs));
        for (String kind : kinds) {
            standing(kind, "pending", () -> of(latest.get(), kind, JobCounts::pending));
            standing(kind, "running", () -> of(latest.get(), kind, JobCounts::running));
            standing(kind, "parked", () -> of(latest.get(), kind, JobCounts::parked));
            lag(kind, () -> of(latest.get(), kind, counts -> counts.lag().toMillis() / 1000.0));
        }
    }

    /** How many jobs of a kind there are in a state (pending, running, parked), for all workers on the database together. */
    void standing(String kind, String state, DoubleSupplier count) {
        instruments.gauge(
                "recaller.memory.jobs", "Jobs of memory by state", Tags.of("kind", kind, "state", state), count);
    }

    /** How long the oldest due job of a kind has waited, in seconds. */
    void lag(String kind, DoubleSupplier seconds) {
        instruments.gauge(
                "recaller.memory.jobs.lag.seconds", "Wait of the oldest due job", Tags.of("kind", kind), seconds);
    }

    private static double of(List<JobCounts> counts, String kind, ToDoubleFunction<JobCounts> number) {
        return counts.stream()
                .filter(known -> known.kind().equals(kind))
                .mapToDouble(number)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static List<JobCounts> counted(MemoryJobs jobs) {
        try {
            return jobs.counts();
        } catch (MemoryException e) {
            return List.of();
        }
    }
}
