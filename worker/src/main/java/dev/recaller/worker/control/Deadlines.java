package dev.recaller.worker.control;

import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** How long requests may take at most; who asks may allow less. */
final class Deadlines implements AutoCloseable {

    /** Of the server. */
    record Limits(Duration answer, Duration stream) {

        /** A transfer may ring for 25 s; a call rarely takes an hour. */
        static final Limits STANDARD = new Limits(Duration.ofSeconds(30), Duration.ofHours(1));
    }

    /** A request. */
    interface Running {
        void expire(StatusRuntimeException why);

        void whenOver(Runnable action);
    }

    private final Limits limits;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("recaller-deadlines").factory());

    Deadlines(Limits limits) {
        this.limits = limits;
    }

    void watch(Running request, MethodType type) {
        Duration limit = type == MethodType.UNARY ? limits.answer() : limits.stream();
        ScheduledFuture<?> expiring = timer.schedule(
                () -> Thread.startVirtualThread(() -> request.expire(Failures.of(
                        Status.Code.DEADLINE_EXCEEDED,
                        "SERVER_DEADLINE",
                        "the server's limit of " + limit.toSeconds() + " s is over"))),
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        request.whenOver(() -> expiring.cancel(false));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
