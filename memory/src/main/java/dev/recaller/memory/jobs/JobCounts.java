package dev.recaller.memory.jobs;

import java.time.Duration;

/**
 * How jobs of one kind stand, in the database that all workers share.
 *
 * @param pending that wait for their time or for a worker
 * @param parked that wait for an operator
 * @param lag how long the oldest of those that are due has waited; zero when none is due
 */
public record JobCounts(String kind, long pending, long running, long parked, Duration lag) {
    static JobCounts none(String kind) {
        return new JobCounts(kind, 0, 0, 0, Duration.ZERO);
    }
}
