package dev.recaller.worker.call;

import static java.util.Objects.requireNonNull;

import dev.recaller.flow.FlowState;
import dev.recaller.livekit.agent.Job;
import dev.recaller.livekit.room.Participant;
import dev.recaller.worker.store.CallLeases;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call that another worker began and was lost in.
 *
 * @param call as it began
 * @param job of this worker in the call's room
 * @param state where its flow was; absent when it had hardly begun, so that it begins anew
 */
public record Resumed(
        CallLeases.Taken call, Job job, @Nullable FlowState state) {

    private static final String JOB = "resumed-";

    public Resumed {
        requireNonNull(call, "call is null");
        requireNonNull(job, "job is null");
    }

    /** Of a job that goes on with a call; another one each time. */
    public static String jobId() {
        return JOB + UUID.randomUUID();
    }

    /** Whether this is a worker that goes on with the call. */
    static boolean isBy(Participant participant) {
        return participant.identity().startsWith(Job.identity(JOB));
    }
}
