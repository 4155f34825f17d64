package dev.recaller.memory.jobs;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.recaller.memory.ExtractionJob;
import dev.recaller.memory.MemoryException;
import dev.recaller.memory.extract.ExtractorException;
import dev.recaller.memory.extract.ExtractorException.Reason;
import dev.recaller.memory.jobs.JobListener.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extraction as db-scheduler runs it: tried {@value #TRIES} times, {@link #FIRST_PAUSE} after the first failure and four
 * times as long after each one more, or as long as the provider asks for; then parked. A worker's death counts as a failure,
 * so that a call that kills workers stops doing so; its orderly end does not.
 */
final class ExtractionTask {

    static final int TRIES = 5;
    static final Duration FIRST_PAUSE = Duration.ofSeconds(30);

    /** A provider that wants to be left alone for longer is asked sooner all the same. */
    static final Duration LONGEST_PAUSE = Duration.ofDays(1);

    private static final int GROWTH = 4;
    private static final Logger LOG = LoggerFactory.getLogger(ExtractionTask.class);

    private final ReadingCalls calls;
    private final JobTable table;
    private final JobListener listener;
    private final InstantSource clock;

    ExtractionTask(ReadingCalls calls, JobTable table, JobListener listener, InstantSource clock) {
        this.calls = calls;
        this.table = table;
        this.listener = listener;
        this.clock = clock;
    }

    CustomTask<ExtractionJob> task() {
        return Tasks.custom(ExtractionJob.KIND, ExtractionJob.class)
                .onFailure(this::failed)
                .onDeadExecution(this::died)
                .execute(this::execute);
    }

    private CompletionHandler<ExtractionJob> execute(TaskInstance<ExtractionJob> job, ExecutionContext context) {
        long begun = System.nanoTime();
        try {
            Outcome outcome = calls.read(job.getData());
            listener.ended(ExtractionJob.KIND, outcome, Duration.ofNanos(System.nanoTime() - begun));
            return new CompletionHandler.OnCompleteRemove<>();
        } catch (RuntimeException e) {
            if (!context.getSchedulerState().isShuttingDown()) {
                throw e;
            }
            // The release needs a connection, which an interrupted thread does not get.
            boolean interrupted = Thread.interrupted();
            LOG.info("job {} goes back: the worker stops (interrupted: {})", job.getId(), interrupted);
            return (complete, _) -> release(complete.getExecution());
        }
    }

    private void release(Execution execution) {
        listener.ended(ExtractionJob.KIND, Outcome.LOST, Duration.ZERO);
        table.release(execution.getTaskName(), execution.getId(), execution.version, clock.instant());
    }

    private void failed(ExecutionComplete complete, ExecutionOperations<ExtractionJob> operations) {
        Throwable cause = complete.getCause().orElse(null);
        int failures = complete.getExecution().consecutiveFailures + 1;
        boolean hopeless = cause instanceof ExtractorException e && e.reason() == Reason.REFUSED;
        if (hopeless || failures >= TRIES) {
            park(complete, failures, reason(cause), cause);
            return;
        }
        Duration pause = pause(failures, cause);
        LOG.warn(
                "job {} failed, try {} of {}, the next in {} s: {}",
                complete.getExecution().getId(),
                failures,
                TRIES,
                pause.toSeconds(),
                message(cause));
        operations.reschedule(complete, complete.getTimeDone().plus(pause));
        listener.ended(ExtractionJob.KIND, Outcome.FAILED, complete.getDuration());
    }

    private void died(ExecutionComplete complete, ExecutionOperations<ExtractionJob> operations) {
        int failures = complete.getExecution().consecutiveFailures + 1;
        if (failures >= TRIES) {
            park(complete, failures, "worker_lost", null);
            return;
        }
        LOG.warn(
                "job {} was lost with its worker, it is taken over",
                complete.getExecution().getId());
        operations.reschedule(complete, complete.getTimeDone());
        listener.ended(ExtractionJob.KIND, Outcome.LOST, Duration.ZERO);
    }

    private void park(ExecutionComplete complete, int failures, String reason, @Nullable Throwable cause) {
        Instant now = clock.instant();
        if (table.park(complete.getExecution(), failures, reason, now)) {
            LOG.error(
                    "job {} is parked after {} tries ({}): {}",
                    complete.getExecution().getId(),
                    failures,
                    reason,
                    message(cause));
            listener.ended(ExtractionJob.KIND, Outcome.PARKED, complete.getDuration());
        }
    }

    /** How long after so many failures, the last of them this one. */
    static Duration pause(int failures, @Nullable Throwable cause) {
        Duration pause = FIRST_PAUSE.multipliedBy((long) Math.pow(GROWTH, failures - 1));
        Duration asked = cause instanceof ExtractorException e ? e.retryAfter().orElse(Duration.ZERO) : Duration.ZERO;
        Duration longer = asked.compareTo(pause) > 0 ? asked : pause;
        return longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }

    private static String reason(@Nullable Throwable cause) {
        return switch (cause) {
            case ExtractorException e -> e.reason().label();
            case MemoryException e -> "memory_" + e.code().name().toLowerCase(Locale.ROOT);
            case null, default -> "broken";
        };
    }

    /** Of failures we know the message holds nothing anybody said; of others the name says enough. */
    private static String message(@Nullable Throwable cause) {
        return switch (cause) {
            case ExtractorException e -> String.valueOf(e.getMessage());
            case MemoryException e -> String.valueOf(e.getMessage());
            case null -> "its worker died";
            default -> cause.getClass().getName();
        };
    }
}
