package dev.recaller.memory;

import static dev.recaller.sql.schema.Tables.SCHEDULED_TASKS;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jooq.DSLContext;

/** Where calls wait that a model is to read. */
final class ExtractionQueue {

    /** As long as a flow may let a call last. */
    private static final Duration LONGEST_CALL = Duration.ofHours(4);

    /** For the last turns to be stored. */
    private static final Duration MARGIN = Duration.ofMinutes(10);

    private ExtractionQueue() {}

    /**
     * Puts a call in with its first turns, in their transaction: whoever dies, it will be read. Due when it is surely over;
     * its end brings that forward.
     */
    static void add(
            DSLContext tx, MemoryId memory, Conversation conversation, MemoryConfiguration configuration, Instant now) {
        UUID callId = conversation.callId();
        AfterCall after = conversation.after();
        var job = new ExtractionJob(
                memory.organizationId(),
                callId,
                after == null ? null : after.model(),
                configuration.retentionDays(),
                configuration.extractEntities(),
                configuration.extractPreferences());
        tx.insertInto(SCHEDULED_TASKS)
                .set(SCHEDULED_TASKS.TASK_NAME, ExtractionJob.KIND)
                .set(SCHEDULED_TASKS.TASK_INSTANCE, ExtractionJob.instance(callId))
                .set(SCHEDULED_TASKS.TASK_DATA, job.json())
                .set(
                        SCHEDULED_TASKS.EXECUTION_TIME,
                        now.plus(after == null ? LONGEST_CALL : after.longestCall())
                                .plus(MARGIN))
                .set(SCHEDULED_TASKS.PICKED, false)
                .set(SCHEDULED_TASKS.VERSION, 1L)
                .onConflictDoNothing()
                .execute();
    }
}
