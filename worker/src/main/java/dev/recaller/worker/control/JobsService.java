package dev.recaller.worker.control;

import com.google.protobuf.util.Durations;
import dev.recaller.memory.jobs.JobDesk;
import dev.recaller.worker.control.v1.JobCounts;
import dev.recaller.worker.control.v1.JobsGrpc;
import dev.recaller.worker.control.v1.ListJobsRequest;
import dev.recaller.worker.control.v1.ListJobsResponse;
import dev.recaller.worker.control.v1.ParkedJob;
import dev.recaller.worker.control.v1.RetryJobsRequest;
import io.grpc.stub.StreamObserver;

/** Memory's jobs, as {@code worker.proto} describes them. */
final class JobsService extends JobsGrpc.JobsImplBase {

    private final JobDesk desk;

    JobsService(JobDesk desk) {
        this.desk = desk;
    }

    @Override
    public void list(ListJobsRequest request, StreamObserver<ListJobsResponse> out) {
        CallsService.answer(out, jobs());
    }

    @Override
    public void retry(RetryJobsRequest request, StreamObserver<ListJobsResponse> out) {
        desk.parked().forEach(desk::retry);
        CallsService.answer(out, jobs());
    }

    private ListJobsResponse jobs() {
        var jobs = ListJobsResponse.newBuilder();
        desk.counts()
                .forEach(it -> jobs.addJobs(JobCounts.newBuilder()
                        .setKind(it.kind())
                        .setPending(it.pending())
                        .setRunning(it.running())
                        .setParked(it.parked())
                        .setLag(Durations.fromNanos(it.lag().toNanos()))));
        desk.parked()
                .forEach(it -> jobs.addParked(ParkedJob.newBuilder()
                        .setKind(it.kind())
                        .setInstance(it.instance())
                        .setFailures(it.failures())
                        .setReason(it.reason())
                        .setParkedAt(Words.timestamp(it.parkedAt()))));
        return jobs.build();
    }
}
