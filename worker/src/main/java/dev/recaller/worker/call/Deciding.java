package dev.recaller.worker.call;

import dev.recaller.livekit.agent.Job;
import dev.recaller.livekit.room.Room;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The plan of a call, made by a thread of its own as soon as the caller is in the room, while the phone rings. */
final class Deciding {
    /** livekit-sip joins within 100 ms of the job; after this the caller has given up or never existed. */
    private static final Duration CALLER_LIMIT = Duration.ofSeconds(20);
    /** So long nobody is answered who may have to be turned away; who rings does not notice it. */
    private static final Duration ANSWER_LIMIT = Duration.ofMillis(500);

    record Planned(CallMetadata told, Plan plan) {}

    private final UUID callId;
    private final Job job;
    private final Room room;
    private final CallRoom callRoom;
    private final Planning planning;
    private final FutureTask<Optional<Planned>> task = new FutureTask<>(this::planned);

    Deciding(UUID callId, Job job, Room room, CallRoom callRoom, Planning planning) {
        this.callId = callId;
        this.job = job;
        this.room = room;
        this.callRoom = callRoom;
        this.planning = planning;
    }

    /** By the thread that makes the plan. */
    void run() {
        task.run();
    }

    /**
     * A plan that is made in time decides whether the phone is answered; one that takes longer ends a call that is. Who is
     * gone by then is not answered either.
     */
    boolean mayAnswer() throws InterruptedException {
        try {
            return task.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .map(planned -> planned.plan().answers())
                    .orElse(false);
        } catch (TimeoutException e) {
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Waits for it. Empty when nobody came. */
    Optional<Planned> result() throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private Optional<Planned> planned() throws InterruptedException {
        return callRoom.awaitCaller(CALLER_LIMIT).map(participant -> {
            var told = new CallMetadata(job.metadata(), room.metadata(), participant.attributes());
            return new Planned(told, planning.plan(callId, told));
        });
    }
}
