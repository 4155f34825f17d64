package dev.recaller.livekit.agent;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import livekit.LivekitAgent.AvailabilityResponse;
import livekit.LivekitAgent.JobAssignment;
import livekit.LivekitAgent.JobStatus;
import livekit.LivekitAgent.UpdateJobStatus;
import livekit.LivekitAgent.UpdateWorkerStatus;
import livekit.LivekitAgent.WorkerMessage;
import livekit.LivekitAgent.WorkerStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers, jobs, their statuses and our load, through any number of connections one after the other. One thread, which
 * brings the time along.
 */
final class JobDesk {
    /** The way to the server while we are registered. */
    interface Wire {
        /** {@code ifLost} runs, later and on the desk's thread, if the message surely did not leave. */
        void send(WorkerMessage message, Runnable ifLost);
    }

    /** Where jobs say how they are. Any thread. */
    interface StatusSink {
        void update(Job job, JobStatus status, String error);
    }

    private record Accepted(JobOffer offer, long untilNs) {}

    /** A server gives a node no jobs at this load ({@code agents.target_load}), so it is what we call full. */
    static final double FULL_LOAD = 0.7;

    private static final Logger log = LoggerFactory.getLogger(JobDesk.class);
    private static final int MOST_STATUSES = 1000;

    final LongAdder accepted = new LongAdder();
    final LongAdder busy = new LongAdder();
    final LongAdder declined = new LongAdder();
    final LongAdder refusedDraining = new LongAdder();
    final LongAdder late = new LongAdder();
    final LongAdder statusesLost = new LongAdder();

    private final String agentName;
    private final URI url;
    private final JobListener listener;
    private final DoubleSupplier load;
    private final Timings timings;
    private final Executor ownThread;
    private final Map<String, Accepted> awaited = new HashMap<>();
    private final Map<String, Job> jobs = new HashMap<>();
    private final ArrayDeque<UpdateJobStatus> unsent = new ArrayDeque<>();
    private @Nullable Wire wire;
    private boolean draining;
    private boolean saidFull;
    private long saidLoadNs;

    /** @param ownThread runs what other threads bring on the desk's thread */
    JobDesk(AgentOptions options, JobListener listener, DoubleSupplier load, Timings timings, Executor ownThread) {
        agentName = options.agentName();
        url = options.webSocketUrl();
        this.listener = listener;
        this.load = load;
        this.timings = timings;
        this.ownThread = ownThread;
    }

    /** Registered: what waited is sent, then our load. */
    void connected(Wire newWire, long nowNs) {
        wire = newWire;
        while (!unsent.isEmpty()) {
            sendStatus(unsent.remove());
        }
        reportLoad(nowNs, true);
    }

    /** Assignments come on the connection of their offer, so none will come any more. Jobs go on. */
    void disconnected() {
        wire = null;
        new ArrayList<>(awaited.values()).forEach(this::release);
    }

    void drain(long nowNs) {
        draining = true;
        reportLoad(nowNs, true);
    }

    void tick(long nowNs) {
        new ArrayList<>(awaited.values())
                .stream().filter(each -> nowNs - each.untilNs() >= 0).forEach(this::release);
        reportLoad(nowNs, false);
    }

    void offered(livekit.LivekitAgent.Job job, long nowNs) {
        var offer =
                new JobOffer(job.getId(), job.getRoom().getSid(), job.getRoom().getName(), job.getMetadata(), nowNs);
        JobAnswer answer = answer(offer);
        var response = AvailabilityResponse.newBuilder().setJobId(offer.jobId());
        switch (answer) {
            case ACCEPT -> {
                accepted.increment();
                awaited.put(
                        offer.jobId(),
                        new Accepted(offer, nowNs + timings.assignment().toNanos()));
                response.setAvailable(true)
                        .setParticipantIdentity(Job.identity(offer.jobId()))
                        .setParticipantName(agentName);
            }
            case BUSY -> response.setAvailable(false);
            case DECLINE -> response.setAvailable(false).setTerminate(true);
        }
        send(WorkerMessage.newBuilder().setAvailability(response), JobDesk::noMatter);
        reportLoad(nowNs, false);
    }

    private JobAnswer answer(JobOffer offer) {
        if (draining) {
            refusedDraining.increment();
            return JobAnswer.BUSY;
        }
        JobAnswer answer;
        try {
            answer = listener.offered(offer);
        } catch (RuntimeException e) {
            log.error("The listener failed on the offer of job {}; it is refused", offer.jobId(), e);
            answer = JobAnswer.BUSY;
        }
        switch (answer) {
            case ACCEPT -> {} // counted where it is kept
            case BUSY -> busy.increment();
            case DECLINE -> declined.increment();
        }
        return answer;
    }

    private void release(Accepted given) {
        awaited.remove(given.offer().jobId());
        late.increment();
        log.warn(
                "Job {} was accepted and not assigned; its place is free again",
                given.offer().jobId());
        try {
            listener.released(given.offer());
        } catch (RuntimeException e) {
            log.error("The listener failed on releasing job {}", given.offer().jobId(), e);
        }
    }

    void assigned(JobAssignment assignment) {
        var job = new Job(assignment, url, this::update);
        if (awaited.remove(job.id()) == null) {
            job.failed("the assignment came too late");
            return;
        }
        jobs.put(job.id(), job);
        Thread.ofVirtual().name("livekit-job").start(() -> {
            try {
                listener.assigned(job);
            } catch (Exception e) {
                log.error("{} failed", job, e);
                job.failed(e.getClass().getSimpleName());
            }
        });
    }

    void terminated(String jobId) {
        Job job = jobs.get(jobId);
        if (job != null && !job.hasEnded()) {
            Thread.ofVirtual().name("livekit-termination").start(() -> listener.terminated(job));
        }
    }

    private void update(Job job, JobStatus status, String error) {
        ownThread.execute(() -> {
            boolean ended = status != JobStatus.JS_RUNNING;
            if (ended) {
                jobs.remove(job.id());
            }
            if (ended || wire != null) {
                sendStatus(UpdateJobStatus.newBuilder()
                        .setJobId(job.id())
                        .setStatus(status)
                        .setError(error)
                        .build());
            }
        });
    }

    private void sendStatus(UpdateJobStatus status) {
        if (wire == null) {
            keep(status);
        } else {
            send(WorkerMessage.newBuilder().setUpdateJob(status), () -> keep(status));
        }
    }

    private void keep(UpdateJobStatus status) {
        if (unsent.size() == MOST_STATUSES) {
            unsent.remove();
            statusesLost.increment();
        }
        unsent.add(status);
    }

    private void reportLoad(long nowNs, boolean always) {
        double now = draining ? 1 : currentLoad();
        boolean full = now >= 1;
        boolean due = nowNs - saidLoadNs >= timings.load().toNanos();
        if (wire == null || !(always || due || full != saidFull)) {
            return;
        }
        saidFull = full;
        saidLoadNs = nowNs;
        send(
                WorkerMessage.newBuilder()
                        .setUpdateWorker(UpdateWorkerStatus.newBuilder()
                                .setStatus(full ? WorkerStatus.WS_FULL : WorkerStatus.WS_AVAILABLE)
                                .setLoad((float) (now * FULL_LOAD))
                                .setJobCount(jobs.size())),
                JobDesk::noMatter);
    }

    private double currentLoad() {
        try {
            return Math.clamp(load.getAsDouble(), 0.0, 1.0);
        } catch (RuntimeException e) {
            log.error("The load could not be told; we say we are full", e);
            return 1;
        }
    }

    private void send(WorkerMessage.Builder message, Runnable ifLost) {
        if (wire != null) {
            wire.send(message.build(), ifLost);
        }
    }

    /** A lost message that the next one makes up for. */
    private static void noMatter() {}
}
