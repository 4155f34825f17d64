package dev.recaller.memory.jobs;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Work that comes back: of all workers on a database one runs it at a time, and the interval after it ended again, whether
 * it failed or not.
 *
 * @param name its own among all sweeps, lower case; the {@code kind} of metrics
 * @param interval between an end and the next begin
 * @param work blocks as long as it takes; has to bear being interrupted and run again from the start
 */
public record Sweep(String name, Duration interval, Runnable work) {
    public Sweep {
        requireNonNull(work, "work is null");
        if (name.isBlank() || interval.toMillis() < 1) {
            throw new IllegalArgumentException("a sweep needs a name and an interval: " + name + ", " + interval);
        }
    }
}
