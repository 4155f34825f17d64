package dev.recaller.worker.store;

import static dev.recaller.sql.schema.Tables.MEMORY_USAGE;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowResult;
import dev.recaller.sql.Database;
import dev.recaller.sql.DatabaseException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts recalls by organization and day, for statistics; written when a call ends, by a thread of its own. */
final class RecallCounts implements RecallListener {
    private static final Logger LOG = LoggerFactory.getLogger(RecallCounts.class);

    private record Day(String organizationId, LocalDate date) {}

    private record Counts(long recalls, long helped, long failed) {
        static Counts of(RecallOutcome outcome) {
            return switch (outcome) {
                case FOUND -> new Counts(1, 1, 0);
                case EMPTY -> new Counts(1, 0, 0);
                case TIMEOUT, ERROR -> new Counts(1, 0, 1);
            };
        }

        Counts plus(Counts more) {
            return new Counts(recalls + more.recalls, helped + more.helped, failed + more.failed);
        }
    }

    private final Database database;
    private final InstantSource clock;
    private final Map<Day, Counts> pending = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    RecallCounts(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public void recalled(FlowContext context, RecallOutcome outcome, Duration took) {
        LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        pending.merge(new Day(context.organizationId(), today), Counts.of(outcome), Counts::plus);
    }

    @Override
    public void ended(FlowContext context, FlowResult result) {
        threads.execute(this::write);
    }

    private void write() {
        for (Day day : Set.copyOf(pending.keySet())) {
            Counts counts = pending.remove(day);
            if (counts != null && !write(day, counts)) {
                pending.merge(day, counts, Counts::plus);
            }
        }
    }

    private boolean write(Day day, Counts counts) {
        try {
            database.transactions().run(day.organizationId(), transaction -> add(transaction, day, counts));
            return true;
        } catch (DatabaseException e) {
            LOG.warn("recalls are counted later: {}", e.getMessage());
            return false;
        }
    }

    private static int add(DSLContext transaction, Day day, Counts counts) {
        return transaction
                .insertInto(MEMORY_USAGE)
                .set(MEMORY_USAGE.ORGANIZATION_ID, day.organizationId())
                .set(MEMORY_USAGE.DAY, day.date())
                .set(MEMORY_USAGE.RECALLS, counts.recalls())
                .set(MEMORY_USAGE.HELPED, counts.helped())
                .set(MEMORY_USAGE.FAILED, counts.failed())
                .onConflict(MEMORY_USAGE.ORGANIZATION_ID, MEMORY_USAGE.DAY)
                .doUpdate()
                .set(MEMORY_USAGE.RECALLS, MEMORY_USAGE.RECALLS.plus(counts.recalls()))
                .set(MEMORY_USAGE.HELPED, MEMORY_USAGE.HELPED.plus(counts.helped()))
                .set(MEMORY_USAGE.FAILED, MEMORY_USAGE.FAILED.plus(counts.failed()))
                .execute();
    }

    @Override
    public void close() {
        threads.execute(this::write);
        threads.close();
    }
}
