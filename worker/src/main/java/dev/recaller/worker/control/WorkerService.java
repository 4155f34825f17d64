package dev.recaller.worker.control;

import dev.recaller.worker.call.LiveCalls;
import dev.recaller.worker.control.v1.DrainRequest;
import dev.recaller.worker.control.v1.StatusRequest;
import dev.recaller.worker.control.v1.UndrainRequest;
import dev.recaller.worker.control.v1.WorkerControlGrpc;
import dev.recaller.worker.control.v1.WorkerStatus;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** The worker itself, as {@code worker.proto} describes it. */
final class WorkerService extends WorkerControlGrpc.WorkerControlImplBase {

    private final WorkerSteering worker;
    private final LiveCalls live;

    WorkerService(WorkerSteering worker, LiveCalls live) {
        this.worker = worker;
        this.live = live;
    }

    @Override
    public void status(StatusRequest request, StreamObserver<WorkerStatus> out) {
        CallsService.answer(out, status());
    }

    @Override
    public void drain(DrainRequest request, StreamObserver<WorkerStatus> out) {
        worker.drain();
        CallsService.answer(out, status());
    }

    @Override
    public void undrain(UndrainRequest request, StreamObserver<WorkerStatus> out) {
        switch (worker.undrain()) {
            case TAKES_CALLS -> CallsService.answer(out, status());
            case STOPPING -> throw refused("STOPPING", "the worker was told to stop and ends with its last call");
            case NATIVE_CORE -> throw refused("NATIVE_CORE", "the native core panicked: the worker must be restarted");
        }
    }

    private static RuntimeException refused(String reason, String message) {
        return Failures.of(Status.Code.FAILED_PRECONDITION, reason, message);
    }

    private WorkerStatus status() {
        WorkerSteering.Status status = worker.status();
        return WorkerStatus.newBuilder()
                .setVersion(status.version())
                .setStartedAt(Words.timestamp(status.startedAt()))
                .setDraining(status.draining())
                .setCalls(status.calls())
                .setMaxCalls(status.maxCalls())
                .setLoad(status.load())
                .addAllNotReady(status.notReady())
                .setTextSessions((int) live.texts())
                .build();
    }
}
