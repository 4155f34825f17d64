package dev.recaller.livekit.agent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.server.ApiKey;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import livekit.LivekitAgent.JobAssignment;
import livekit.LivekitAgent.JobStatus;
import livekit.LivekitAgent.UpdateJobStatus;
import livekit.LivekitAgent.WorkerMessage;
import livekit.LivekitAgent.WorkerStatus;
import org.junit.jupiter.api.Test;

/**
 * The desk stepped by hand, for what a real server cannot be made to do: withhold an assignment, or lose a message at a
 * given moment.
 */
final class JobDeskTest {
    private static final AgentOptions OPTIONS =
            new AgentOptions(URI.create("http://livekit.test"), new ApiKey("key", "secret"), "phone", "1");

    private final List<WorkerMessage> sent = new ArrayList<>();
    private final List<String> released = new ArrayList<>();
    private final List<String> terminated = new ArrayList<>();
    private final BlockingQueue<Job> assigned = new LinkedBlockingQueue<>();
    private JobAnswer answer = JobAnswer.ACCEPT;
    private double load;
    private boolean losing;

    private final JobListener listener = new JobListener() {
        @Override
        public JobAnswer offered(JobOffer offer) {
            if (offer.jobId().equals("AJ_mistake")) {
                throw new IllegalStateException("a listener's mistake");
            }
            return answer;
        }

        @Override
        public void assigned(Job job) throws Exception {
            if (job.id().equals("AJ_broken")) {
                throw new java.io.IOException("the job cannot be done");
            }
            assigned.add(job);
        }

        @Override
        public void released(JobOffer offer) {
            released.add(offer.jobId());
        }

        @Override
        public void terminated(Job job) {
            terminated.add(job.id());
        }
    };

    private final LinkedBlockingQueue<Runnable> brought = new LinkedBlockingQueue<>();
    private final JobDesk desk = new JobDesk(OPTIONS, listener, () -> load, Timings.DEFAULT, brought::add);

    private final JobDesk.Wire wire = (message, ifLost) -> {
        if (losing) {
            ifLost.run();
        } else {
            sent.add(message);
        }
    };

    private static long ms(long ms) {
        return 1_000_000_000_000L + ms * 1_000_000;
    }

    private void connect() {
        desk.connected(wire, ms(0));
        sent.clear();
    }

    private void offer(String jobId) {
        desk.offered(livekit.LivekitAgent.Job.newBuilder().setId(jobId).build(), ms(0));
    }

    private Job take(String jobId) throws InterruptedException {
        offer(jobId);
        assign(jobId);
        return requireNonNull(assigned.poll(30, TimeUnit.SECONDS), "no job came");
    }

    private void assign(String jobId) {
        desk.assigned(JobAssignment.newBuilder()
                .setJob(livekit.LivekitAgent.Job.newBuilder().setId(jobId))
                .setToken("token")
                .build());
    }

    /** Runs what jobs have brought from their own threads. */
    private void work() {
        for (Runnable task = brought.poll(); task != null; task = brought.poll()) {
            task.run();
        }
    }

    private List<UpdateJobStatus> statuses() {
        work();
        return sent.stream()
                .filter(WorkerMessage::hasUpdateJob)
                .map(WorkerMessage::getUpdateJob)
                .toList();
    }

    private WorkerMessage last() {
        return sent.getLast();
    }

    @Test
    void acceptsUnderAnIdentityOfItsOwnAndGetsTheJob() throws Exception {
        connect();
        Job job = take("AJ_1");

        assertThat(sent.getFirst().getAvailability().getAvailable()).isTrue();
        assertThat(sent.getFirst().getAvailability().getParticipantIdentity()).isEqualTo("agent-AJ_1");
        assertThat(job.identity()).isEqualTo("agent-AJ_1");
        assertThat(job.url()).isEqualTo(URI.create("ws://livekit.test"));
        assertThat(job.token()).isEqualTo("token");
    }

    @Test
    void leavesAnOfferToOthersWhenBusyAndClosesItWhenDeclining() {
        connect();
        answer = JobAnswer.BUSY;
        offer("AJ_1");
        assertThat(last().getAvailability().getAvailable()).isFalse();
        assertThat(last().getAvailability().getTerminate()).isFalse();

        answer = JobAnswer.DECLINE;
        offer("AJ_2");
        assertThat(last().getAvailability().getAvailable()).isFalse();
        assertThat(last().getAvailability().getTerminate()).isTrue();
        assertThat(List.of(desk.busy.sum(), desk.declined.sum(), desk.accepted.sum()))
                .containsExactly(1L, 1L, 0L);
    }

    @Test
    void leavesAnOfferToOthersWhenTheListenerFails() {
        connect();
        offer("AJ_mistake");

        assertThat(last().getAvailability().getAvailable()).isFalse();
        assertThat(desk.busy.sum()).isEqualTo(1);
    }

    @Test
    void releasesAnOfferWhoseAssignmentDoesNotCome() {
        connect();
        offer("AJ_1");
        desk.tick(ms(7499));
        assertThat(released).isEmpty();
        desk.tick(ms(7500));
        assertThat(released).containsExactly("AJ_1");
        assertThat(desk.late.sum()).isEqualTo(1);

        assign("AJ_1");
        assertThat(statuses()).singleElement().satisfies(status -> {
            assertThat(status.getStatus()).isEqualTo(JobStatus.JS_FAILED);
            assertThat(status.getError()).contains("too late");
        });
        assertThat(assigned).isEmpty();
    }

    @Test
    void releasesWhatItHasAcceptedOnALostConnection() {
        connect();
        offer("AJ_1");
        desk.disconnected();

        assertThat(released).containsExactly("AJ_1");
    }

    @Test
    void saysOnceHowAJobEnded() throws Exception {
        connect();
        Job job = take("AJ_1");
        job.running();
        job.succeeded();
        job.succeeded();
        job.failed("no longer");
        job.running();

        assertThat(statuses())
                .extracting(UpdateJobStatus::getStatus)
                .containsExactly(JobStatus.JS_RUNNING, JobStatus.JS_SUCCESS);
    }

    @Test
    void saysAfterTheReconnectHowAJobEndedMeanwhile() throws Exception {
        connect();
        Job first = take("AJ_1");
        Job second = take("AJ_2");
        desk.disconnected();
        second.running();
        second.failed("media lost");
        first.succeeded();
        assertThat(statuses()).isEmpty();

        desk.connected(wire, ms(9000));
        assertThat(statuses()).extracting(UpdateJobStatus::getJobId).containsExactly("AJ_2", "AJ_1");
        desk.disconnected();
        desk.connected(wire, ms(9500));
        assertThat(statuses()).hasSize(2);
    }

    @Test
    void saysAgainWhatSurelyDidNotLeave() throws Exception {
        connect();
        Job job = take("AJ_1");
        losing = true;
        job.succeeded();
        assertThat(statuses()).isEmpty();

        losing = false;
        desk.disconnected();
        desk.connected(wire, ms(1000));
        assertThat(statuses())
                .singleElement()
                .extracting(UpdateJobStatus::getJobId)
                .isEqualTo("AJ_1");
    }

    @Test
    void failsAJobThatNobodyDoes() throws Exception {
        connect();
        offer("AJ_broken");
        assign("AJ_broken");

        await().until(() -> !statuses().isEmpty());
        assertThat(statuses()).singleElement().satisfies(status -> {
            assertThat(status.getStatus()).isEqualTo(JobStatus.JS_FAILED);
            assertThat(status.getError()).isEqualTo("IOException");
        });
    }

    @Test
    void tellsOfATerminationUntilTheJobHasEnded() throws Exception {
        connect();
        Job job = take("AJ_1");
        desk.terminated("AJ_1");
        await().until(() -> terminated.size() == 1);
        job.succeeded();
        work();
        desk.terminated("AJ_1");
        desk.terminated("AJ_unknown");

        assertThat(terminated).containsExactly("AJ_1");
    }

    @Test
    void reportsItsLoadAtTimesAndItsFullnessAtOnce() {
        load = 0.5;
        desk.connected(wire, ms(0));
        assertThat(last().getUpdateWorker().getLoad()).isEqualTo(0.35f);
        assertThat(last().getUpdateWorker().getStatus()).isEqualTo(WorkerStatus.WS_AVAILABLE);

        load = 0.6;
        desk.tick(ms(2400));
        assertThat(sent).hasSize(1);
        desk.tick(ms(2500));
        assertThat(last().getUpdateWorker().getLoad()).isEqualTo(0.42f);

        load = 1;
        desk.tick(ms(2600));
        assertThat(last().getUpdateWorker().getStatus()).isEqualTo(WorkerStatus.WS_FULL);
        assertThat(last().getUpdateWorker().getLoad()).isEqualTo(0.7f);
        load = 0.9;
        desk.tick(ms(2700));
        assertThat(last().getUpdateWorker().getStatus()).isEqualTo(WorkerStatus.WS_AVAILABLE);
        assertThat(sent).hasSize(4);
    }

    @Test
    void refusesOffersAndIsFullWhileDraining() throws Exception {
        connect();
        Job job = take("AJ_1");
        desk.drain(ms(10));
        assertThat(last().getUpdateWorker().getStatus()).isEqualTo(WorkerStatus.WS_FULL);
        offer("AJ_2");
        assertThat(last().getAvailability().getAvailable()).isFalse();
        assertThat(desk.refusedDraining.sum()).isEqualTo(1);

        job.succeeded();
        assertThat(statuses()).hasSize(1);
    }

    @Test
    void givesUpTheOldestStatusesOfALongOutage() throws Exception {
        connect();
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 1001; i++) {
            jobs.add(take("AJ_" + i));
        }
        desk.disconnected();
        jobs.forEach(Job::succeeded);
        work();
        sent.clear();
        desk.connected(wire, ms(60_000));

        assertThat(statuses())
                .hasSize(1000)
                .first()
                .extracting(UpdateJobStatus::getJobId)
                .isEqualTo("AJ_1");
        assertThat(desk.statusesLost.sum()).isEqualTo(1);
    }
}
