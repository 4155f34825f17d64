package dev.recaller.memory.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.recaller.memory.ExtractionJob;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.extract.Extractor;
import dev.recaller.memory.jobs.JobListener.Outcome;
import dev.recaller.sql.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory's durable work: calls to be read by a model, and sweeps. Any number of processes on a database share it; each job
 * is done by one at a time, and what a process that died had taken is taken over within two minutes. Storing a call's first
 * turns puts its job in, so nothing is lost with a process; {@link #callEnded} makes it due. Safe for use by any thread.
 */
public final class MemoryJobs implements AutoCloseable {

    /** Who reads calls. */
    @FunctionalInterface
    public interface Models {
        /**
         * Blocks never.
         *
         * @param model as the flow of the call named it; empty: up to this process
         */
        Extractor extractor(Optional<String> model);
    }

    /**
     * How often we look.
     *
     * @param poll for due jobs, when nobody says there are some
     * @param heartbeat of running jobs; after {@value #MISSED} of them missed a job's process counts as dead
     * @param patience with running jobs when closing, before they are interrupted, and once more after that
     */
    record Pace(Duration poll, Duration heartbeat, Duration patience) {
        static final Pace STEADY = new Pace(Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(8));
    }

    static final int MISSED = 4;

    /** Requests to a model at once; each takes seconds to a minute and nobody waits. */
    private static final int AT_ONCE = 4;

    /** Rows of kinds this program does not know are those of another version of it. */
    private static final Duration NEVER = Duration.ofDays(36_500);

    private static final Logger LOG = LoggerFactory.getLogger(MemoryJobs.class);

    private final Database database;
    private final ReadingCalls calls;
    private final JobTable table;
    private final List<Sweep> sweeps;
    private final InstantSource clock;
    private final JobListener listener;
    private final Pace pace;
    private final String name = "recaller-" + UUID.randomUUID();
    private @Nullable Scheduler scheduler;

    /**
     * Runs nothing yet.
     *
     * @param sweeps each with a name of its own
     */
    public MemoryJobs(
            Database database,
            UnifiedMemoryService memory,
            Models models,
            List<Sweep> sweeps,
            InstantSource clock,
            JobListener listener) {
        this(database, memory, models, sweeps, clock, listener, Pace.STEADY);
    }

    MemoryJobs(
            Database database,
            UnifiedMemoryService memory,
            Models models,
            List<Sweep> sweeps,
            InstantSource clock,
            JobListener listener,
            Pace pace) {
        Set<String> names = new HashSet<>(Set.of(ExtractionJob.KIND));
        for (Sweep sweep : sweeps) {
            if (!names.add(sweep.name())) {
                throw new IllegalArgumentException("two kinds of jobs have the name " + sweep.name());
            }
        }
        this.database = database;
        this.calls = new ReadingCalls(memory, models);
        this.table = new JobTable(database);
        this.sweeps = List.copyOf(sweeps);
        this.clock = clock;
        this.listener = listener;
        this.pace = pace;
    }

    /** Begins to run what is due, whoever put it in. Once. */
    public synchronized void start() {
        if (scheduler != null) {
            throw new IllegalStateException("the jobs are started already");
        }
        scheduler = Scheduler.create(
                        database.dataSource(), List.of(new ExtractionTask(calls, table, listener, clock).task()))
                .startTasks(sweeps.stream().map(this::recurring).toList())
                .schedulerName(new SchedulerName.Fixed(name))
                .clock(clock::instant)
                .serializer(new JobData())
                .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
                .commitWhenAutocommitDisabled(true)
                .pollUsingLockAndFetch(0.5, 1.0)
                .pollingInterval(pace.poll())
                .heartbeatInterval(pace.heartbeat())
                .missedHeartbeatsLimit(MISSED)
                .deleteUnresolvedAfter(NEVER)
                .threads(AT_ONCE)
                .executorService(Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("recaller-job-", 0).factory()))
                .failureLogging(LogLevel.OFF, false)
                .shutdownMaxWait(pace.patience())
                .build();
        scheduler.start();
    }

    /** A call is over and its turns are stored: what a model is to find in it is due now. */
    public void callEnded(UUID callId) {
        if (table.bringForward(ExtractionJob.KIND, ExtractionJob.instance(callId), clock.instant())) {
            wake();
        }
    }

    /**
     * Has a model read one call now, on this thread, for a process that runs no jobs but shows what came of one. What fails
     * is left to a worker, due at once.
     *
     * @return empty when there is no such job, or somebody else is at it
     * @throws dev.recaller.memory.extract.ExtractorException when no extraction comes of it
     */
    public Optional<Outcome> extractNow(UUID callId) {
        String instance = ExtractionJob.instance(callId);
        Optional<JobTable.Claim> claim = table.claim(instance, name, clock.instant());
        if (claim.isEmpty()) {
            return Optional.empty();
        }
        long version = claim.get().version();
        boolean done = false;
        try {
            Outcome outcome = calls.read(claim.get().job());
            table.remove(ExtractionJob.KIND, instance, version);
            done = true;
            return Optional.of(outcome);
        } finally {
            if (!done) {
                table.release(ExtractionJob.KIND, instance, version, clock.instant());
            }
        }
    }

    /** How jobs stand, a count for each kind there is. */
    public List<JobCounts> counts() {
        Map<String, JobCounts> counts = table.counts(clock.instant());
        counts.computeIfAbsent(ExtractionJob.KIND, JobCounts::none);
        sweeps.forEach(sweep -> counts.computeIfAbsent(sweep.name(), JobCounts::none));
        return List.copyOf(counts.values());
    }

    /** Looks for due jobs now. */
    private synchronized void wake() {
        if (scheduler != null) {
            scheduler.triggerCheckForDueExecutions();
        }
    }

    private RecurringTask<Void> recurring(Sweep sweep) {
        return Tasks.recurring(sweep.name(), FixedDelay.of(sweep.interval())).execute((_, _) -> run(sweep));
    }

    private void run(Sweep sweep) {
        long begun = System.nanoTime();
        Outcome outcome = Outcome.FAILED;
        try {
            sweep.work().run();
            outcome = Outcome.DONE;
        } catch (RuntimeException e) {
            LOG.error(
                    "the sweep {} failed, it comes back in {} s",
                    sweep.name(),
                    sweep.interval().toSeconds(),
                    e);
            throw e;
        } finally {
            listener.ended(sweep.name(), outcome, Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    /**
     * Takes no more jobs, waits a while for those that run, then interrupts them and gives them back: for half a minute at
     * most. What does not even end then is taken over from us.
     */
    @Override
    public synchronized void close() {
        if (scheduler != null) {
            scheduler.stop();
            scheduler = null;
        }
    }
}
