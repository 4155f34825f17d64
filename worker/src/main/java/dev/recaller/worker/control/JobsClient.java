package dev.recaller.worker.control;

import static dev.recaller.worker.control.ControlClient.asked;

import com.google.protobuf.util.Durations;
import dev.recaller.memory.jobs.JobCounts;
import dev.recaller.memory.jobs.ParkedJob;
import dev.recaller.worker.control.v1.JobsGrpc;
import dev.recaller.worker.control.v1.ListJobsRequest;
import dev.recaller.worker.control.v1.ListJobsResponse;
import dev.recaller.worker.control.v1.RetryJobsRequest;
import io.grpc.Channel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Memory's jobs of all organizations, for a program. As {@link ControlClient}, of which it is a part. */
public final class JobsClient {

    /** How they stand, by kind, and those that failed too often. */
    public record Jobs(List<JobCounts> jobs, List<ParkedJob> parked) {}

    private final Channel channel;

    JobsClient(Channel channel) {
        this.channel = channel;
    }

    public Jobs list() {
        return asked(() -> jobs(stub().list(ListJobsRequest.getDefaultInstance())));
    }

    /** Has the parked ones tried again; returns how they stand then. */
    public Jobs retry() {
        return asked(() -> jobs(stub().retry(RetryJobsRequest.getDefaultInstance())));
    }

    private static Jobs jobs(ListJobsResponse jobs) {
        return new Jobs(
                jobs.getJobsList().stream()
                        .map(it -> new JobCounts(
                                it.getKind(),
                                it.getPending(),
                                it.getRunning(),
                                it.getParked(),
                                Duration.ofNanos(Durations.toNanos(it.getLag()))))
                        .toList(),
                jobs.getParkedList().stream()
                        .map(it -> new ParkedJob(
                                it.getKind(),
                                it.getInstance(),
                                it.getFailures(),
                                it.getReason(),
                                MemoryAnswers.time(it.getParkedAt())))
                        .toList());
    }

    private JobsGrpc.JobsBlockingStub stub() {
        return JobsGrpc.newBlockingStub(channel).withDeadlineAfter(ControlClient.LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
