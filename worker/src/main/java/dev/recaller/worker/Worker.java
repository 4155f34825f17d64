package dev.recaller.worker;

import dev.recaller.flow.EndReason;
import dev.recaller.livekit.agent.Job;
import dev.recaller.livekit.agent.JobAnswer;
import dev.recaller.livekit.agent.JobListener;
import dev.recaller.livekit.agent.JobOffer;
import dev.recaller.worker.call.Call;
import dev.recaller.worker.call.CallServices;
import dev.recaller.worker.call.Planning;
import dev.recaller.worker.call.Resumed;
import dev.recaller.worker.failover.FailOver;
import dev.recaller.worker.store.CallLeases.Lost;
import dev.recaller.worker.telemetry.Meters;
import dev.recaller.worker.telephony.WorkerProbe;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes jobs as long as there is room for a call, and runs each as a call on its own virtual thread. */
final class Worker implements JobListener {
    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final Duration PROGRESS = Duration.ofSeconds(10);
    /** For an apology and a hang-up, when calls are ended because the time to drain is over. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(15);

    private final Places places;
    private final Planning planning;
    private final FailOver failOver;
    private final CallServices services;
    private final Map<String, Long> offers = new ConcurrentHashMap<>();
    private final Map<String, Call> calls = new ConcurrentHashMap<>();
    private volatile boolean closedToCalls;
    private volatile boolean hurried;

    Worker(int maxCalls, Planning planning, FailOver failOver, CallServices services) {
        places = new Places(maxCalls);
        this.planning = planning;
        this.failOver = failOver;
        this.services = services;
    }

    /** 0 to 1. */
    double load() {
        return closedToCalls ? 1 : places.load();
    }

    /** Takes no call any more; those that go on are not touched. */
    void closeToCalls() {
        closedToCalls = true;
    }

    /** Takes calls again. */
    void openToCalls() {
        closedToCalls = false;
    }

    int callsGoingOn() {
        return calls.size();
    }

    int maxCalls() {
        return places.all();
    }

    /** Of calls at once, from 1; those that go on do. */
    void maxCalls(int number) {
        places.change(number);
    }

    boolean isClosedToCalls() {
        return closedToCalls;
    }

    @Override
    public JobAnswer offered(JobOffer offer) {
        boolean taken = !closedToCalls && places.take();
        if (taken) {
            offers.put(offer.jobId(), offer.receivedNs());
        }
        services.meters()
                .jobOffered(
                        taken ? Meters.Offer.ACCEPTED : closedToCalls ? Meters.Offer.DRAINING : Meters.Offer.FULL,
                        Duration.ofNanos(System.nanoTime() - offer.receivedNs()));
        return taken ? JobAnswer.ACCEPT : JobAnswer.BUSY;
    }

    @Override
    public void released(JobOffer offer) {
        offers.remove(offer.jobId());
        places.giveBack();
        services.meters().jobOffered(Meters.Offer.LATE, Duration.ofNanos(System.nanoTime() - offer.receivedNs()));
    }

    @Override
    public void assigned(Job job) {
        try {
            Long offeredNs = offers.remove(job.id());
            if (WorkerProbe.isOne(job.metadata())) {
                job.succeeded();
                return;
            }
            run(job, offeredNs == null ? System.nanoTime() : offeredNs, null);
        } finally {
            places.giveBack();
        }
    }

    /** Goes on with a call whose worker was lost, if there is room for it. Blocks for as long as it lasts. */
    void takeOver(Lost lost) {
        if (closedToCalls || !places.take()) {
            return;
        }
        try {
            failOver.take(lost).ifPresent(resumed -> run(resumed.job(), System.nanoTime(), resumed));
        } finally {
            places.giveBack();
        }
    }

    private void run(Job job, long offeredNs, @Nullable Resumed resumed) {
        var call = new Call(job, offeredNs, resumed, planning, services);
        calls.put(job.id(), call);
        try {
            call.run();
        } finally {
            calls.remove(job.id());
        }
    }

    /** The room says it too, and why: LiveKit puts us out of it within 3 s. */
    @Override
    public void terminated(Job job) {
        log.debug("{} is terminated", job);
    }

    /** Waits for the calls to end; when the limit has passed, or in a hurry, ends them. */
    void drain(Duration limit) throws InterruptedException {
        closeToCalls();
        long began = System.nanoTime();
        long deadline = began + limit.toNanos();
        while (!places.awaitEmpty(Math.min(PROGRESS.toNanos(), deadline - System.nanoTime()))) {
            if (hurried || System.nanoTime() >= deadline) {
                if (!hurried) {
                    log.warn("{} calls are ended: the time to drain is over", calls.size());
                }
                endCalls();
                if (!places.awaitEmpty(LAST_WORDS.toNanos())) {
                    log.error("{} calls did not end", calls.size());
                }
                return;
            }
            log.info(
                    "draining: {} calls go on after {} s",
                    calls.size(),
                    Duration.ofNanos(System.nanoTime() - began).toSeconds());
        }
        log.info("drained: the last call has ended");
    }

    /** Draining is not to wait any longer: callers hear an apology, and what is known of their calls is stored. Returns at once. */
    void hurry() {
        closeToCalls();
        hurried = true;
        log.warn("told to stop again: {} calls are ended", calls.size());
        endCalls();
    }

    private void endCalls() {
        calls.values().forEach(call -> call.end(EndReason.WORKER_DRAINING));
    }
}
