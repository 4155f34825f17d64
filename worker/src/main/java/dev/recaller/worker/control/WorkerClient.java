package dev.recaller.worker.control;

import static dev.recaller.worker.control.ControlClient.asked;

import dev.recaller.worker.control.v1.DrainRequest;
import dev.recaller.worker.control.v1.StatusRequest;
import dev.recaller.worker.control.v1.UndrainRequest;
import dev.recaller.worker.control.v1.WorkerControlGrpc;
import dev.recaller.worker.control.v1.WorkerStatus;
import io.grpc.Channel;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The worker that is asked, for a program. As {@link ControlClient}, of which it is a part. */
public final class WorkerClient {

    /**
     * How it is.
     *
     * @param load 0 to 1
     * @param notReady what it waits for, or what does not work; empty: it is ready
     */
    public record Worker(
            String version,
            Instant startedAt,
            boolean draining,
            int calls,
            int maxCalls,
            double load,
            int textSessions,
            List<String> notReady) {}

    private final Channel channel;

    WorkerClient(Channel channel) {
        this.channel = channel;
    }

    public Worker status() {
        return asked(() -> worker(stub().status(StatusRequest.getDefaultInstance())));
    }

    public Worker drain() {
        return asked(() -> worker(stub().drain(DrainRequest.getDefaultInstance())));
    }

    public Worker undrain() {
        return asked(() -> worker(stub().undrain(UndrainRequest.getDefaultInstance())));
    }

    private static Worker worker(WorkerStatus status) {
        return new Worker(
                status.getVersion(),
                MemoryAnswers.time(status.getStartedAt()),
                status.getDraining(),
                status.getCalls(),
                status.getMaxCalls(),
                status.getLoad(),
                status.getTextSessions(),
                status.getNotReadyList());
    }

    private WorkerControlGrpc.WorkerControlBlockingStub stub() {
        return WorkerControlGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ControlClient.LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
