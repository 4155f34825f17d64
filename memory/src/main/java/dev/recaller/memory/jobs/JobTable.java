package dev.recaller.memory.jobs;

import static dev.recaller.sql.schema.Tables.PARKED_JOBS;
import static dev.recaller.sql.schema.Tables.SCHEDULED_TASKS;

import com.github.kagkarlsson.scheduler.task.Execution;
import dev.recaller.memory.ExtractionJob;
import dev.recaller.memory.MemoryException;
import dev.recaller.sql.Database;
import dev.recaller.sql.DatabaseException;
import dev.recaller.sql.Transactions;
import dev.recaller.sql.schema.tables.records.ScheduledTasksRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What we do with db-scheduler's table beside it, each in one transaction. A database that fails is a {@link MemoryException}. */
final class JobTable {

    private final Transactions transactions;

    JobTable(Database database) {
        this.transactions = database.transactions();
    }

    /** A job that is taken, until its version is another one. */
    record Claim(ExtractionJob job, long version) {}

    /** Makes a job due that waits for its first try; whether there was one. */
    boolean bringForward(String kind, String instance, Instant now) {
        return run(tx -> tx.update(SCHEDULED_TASKS)
                        .set(SCHEDULED_TASKS.EXECUTION_TIME, now)
                        .set(SCHEDULED_TASKS.VERSION, SCHEDULED_TASKS.VERSION.plus(1))
                        .where(waiting(kind, instance))
                        .and(SCHEDULED_TASKS.EXECUTION_TIME.gt(now))
                        .and(DSL.coalesce(SCHEDULED_TASKS.CONSECUTIVE_FAILURES, 0)
                                .eq(0))
                        .execute()
                > 0);
    }

    /** Takes an extraction that nobody has, due or not. */
    Optional<Claim> claim(String instance, String by, Instant now) {
        return run(tx -> {
            ScheduledTasksRecord row = tx.update(SCHEDULED_TASKS)
                    .set(SCHEDULED_TASKS.PICKED, true)
                    .set(SCHEDULED_TASKS.PICKED_BY, by)
                    .set(SCHEDULED_TASKS.LAST_HEARTBEAT, now)
                    .set(SCHEDULED_TASKS.VERSION, SCHEDULED_TASKS.VERSION.plus(1))
                    .where(waiting(ExtractionJob.KIND, instance))
                    .returning()
                    .fetchOne();
            return row == null
                    ? Optional.empty()
                    : Optional.of(new Claim(ExtractionJob.read(row.getTaskData()), row.getVersion()));
        });
    }

    void remove(String kind, String instance, long version) {
        run(tx -> tx.deleteFrom(SCHEDULED_TASKS)
                .where(taken(kind, instance, version))
                .execute());
    }

    /** Gives back a job unfinished: due now, and no try counts. */
    void release(String kind, String instance, long version, Instant now) {
        run(tx -> tx.update(SCHEDULED_TASKS)
                .set(SCHEDULED_TASKS.PICKED, false)
                .setNull(SCHEDULED_TASKS.PICKED_BY)
                .setNull(SCHEDULED_TASKS.LAST_HEARTBEAT)
                .set(SCHEDULED_TASKS.EXECUTION_TIME, now)
                .set(SCHEDULED_TASKS.VERSION, SCHEDULED_TASKS.VERSION.plus(1))
                .where(taken(kind, instance, version))
                .execute());
    }

    /** Moves a job out of the scheduler's sight; false when somebody else has it by now. */
    boolean park(Execution execution, int failures, String reason, Instant now) {
        return run(tx -> {
            ScheduledTasksRecord row = tx.deleteFrom(SCHEDULED_TASKS)
                    .where(taken(execution.getTaskName(), execution.getId(), execution.version))
                    .returning()
                    .fetchOne();
            if (row == null) {
                return false;
            }
            tx.insertInto(PARKED_JOBS)
                    .set(PARKED_JOBS.TASK_NAME, row.getTaskName())
                    .set(PARKED_JOBS.TASK_INSTANCE, row.getTaskInstance())
                    .set(PARKED_JOBS.TASK_DATA, row.getTaskData())
                    .set(PARKED_JOBS.FAILURES, failures)
                    .set(PARKED_JOBS.REASON, reason)
                    .set(PARKED_JOBS.PARKED_AT, now)
                    .onConflict(PARKED_JOBS.TASK_NAME, PARKED_JOBS.TASK_INSTANCE)
                    .doUpdate()
                    .set(PARKED_JOBS.FAILURES, PARKED_JOBS.FAILURES.plus(failures))
                    .set(PARKED_JOBS.REASON, reason)
                    .set(PARKED_JOBS.PARKED_AT, now)
                    .execute();
            return true;
        });
    }

    /** Puts a parked job back, as if it had never failed; false when it is parked no more. */
    boolean unpark(ParkedJob job, Instant now) {
        return run(tx -> {
            var row = tx.deleteFrom(PARKED_JOBS)
                    .where(PARKED_JOBS.TASK_NAME.eq(job.kind()), PARKED_JOBS.TASK_INSTANCE.eq(job.instance()))
                    .returning()
                    .fetchOne();
            if (row == null) {
                return false;
            }
            tx.insertInto(SCHEDULED_TASKS)
                    .set(SCHEDULED_TASKS.TASK_NAME, row.getTaskName())
                    .set(SCHEDULED_TASKS.TASK_INSTANCE, row.getTaskInstance())
                    .set(SCHEDULED_TASKS.TASK_DATA, row.getTaskData())
                    .set(SCHEDULED_TASKS.EXECUTION_TIME, now)
                    .set(SCHEDULED_TASKS.PICKED, false)
                    .set(SCHEDULED_TASKS.VERSION, 1L)
                    .onConflictDoNothing()
                    .execute();
            return true;
        });
    }

    /** Oldest first. */
    List<ParkedJob> parked() {
        return run(tx -> tx.selectFrom(PARKED_JOBS)
                .orderBy(PARKED_JOBS.PARKED_AT, PARKED_JOBS.TASK_INSTANCE)
                .fetch(row -> new ParkedJob(
                        row.getTaskName(),
                        row.getTaskInstance(),
                        row.getFailures(),
                        row.getReason(),
                        row.getParkedAt())));
    }

    Map<String, JobCounts> counts(Instant now) {
        return run(tx -> counts(tx, now));
    }

    private static Map<String, JobCounts> counts(DSLContext tx, Instant now) {
        Field<Integer> pending = DSL.count().filterWhere(SCHEDULED_TASKS.PICKED.isFalse());
        Field<Integer> running = DSL.count().filterWhere(SCHEDULED_TASKS.PICKED);
        Field<Instant> oldest = DSL.min(SCHEDULED_TASKS.EXECUTION_TIME)
                .filterWhere(SCHEDULED_TASKS.PICKED.isFalse().and(SCHEDULED_TASKS.EXECUTION_TIME.le(now)));
        Map<String, JobCounts> counts = new TreeMap<>();
        tx.select(SCHEDULED_TASKS.TASK_NAME, pending, running, oldest)
                .from(SCHEDULED_TASKS)
                .groupBy(SCHEDULED_TASKS.TASK_NAME)
                .forEach(row -> counts.put(
                        row.value1(),
                        new JobCounts(row.value1(), row.value2(), row.value3(), 0, since(row.value4(), now))));
        tx.select(PARKED_JOBS.TASK_NAME, DSL.count())
                .from(PARKED_JOBS)
                .groupBy(PARKED_JOBS.TASK_NAME)
                .forEach(row -> {
                    JobCounts others = counts.getOrDefault(row.value1(), JobCounts.none(row.value1()));
                    counts.put(
                            row.value1(),
                            new JobCounts(
                                    row.value1(), others.pending(), others.running(), row.value2(), others.lag()));
                });
        return counts;
    }

    private static Duration since(@Nullable Instant oldest, Instant now) {
        return oldest == null ? Duration.ZERO : Duration.between(oldest, now);
    }

    private static Condition waiting(String kind, String instance) {
        return job(kind, instance).and(SCHEDULED_TASKS.PICKED.isFalse());
    }

    private static Condition taken(String kind, String instance, long version) {
        return job(kind, instance).and(SCHEDULED_TASKS.PICKED).and(SCHEDULED_TASKS.VERSION.eq(version));
    }

    private static Condition job(String kind, String instance) {
        return SCHEDULED_TASKS.TASK_NAME.eq(kind).and(SCHEDULED_TASKS.TASK_INSTANCE.eq(instance));
    }

    private <T extends @Nullable Object> T run(Transactions.Work<T> work) {
        try {
            return transactions.runOutside(work);
        } catch (DatabaseException e) {
            throw MemoryException.unavailable(e);
        }
    }
}
