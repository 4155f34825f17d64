package dev.recaller.worker.call;

import dev.recaller.flow.EndReason;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.agent.Job;
import dev.recaller.livekit.server.Dial;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.livekit.server.SipOutcome;
import dev.recaller.worker.telephony.DialOrder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The telephone call that a job asks us to make. Who is called is in the room from the beginning of the ringing on; the
 * flow begins when they have picked up.
 */
final class Outgoing {
    private static final Logger log = LoggerFactory.getLogger(Outgoing.class);

    /** Mailboxes answer after 20 to 30 s; who has none may take a little longer. */
    private static final Duration RING = Duration.ofSeconds(45);

    private final LiveKitSip sip;
    private final Job job;
    private final CompletableFuture<Optional<EndReason>> unreached = new CompletableFuture<>();

    Outgoing(LiveKitSip sip, Job job) {
        this.sip = sip;
        this.job = job;
    }

    /**
     * Dials, if the job says whom, and returns when somebody picked up or nobody did.
     *
     * @param nobody run, by this thread, when nobody will come
     */
    void dial(Runnable nobody) {
        Optional<EndReason> reason;
        try {
            Optional<DialOrder> order = DialOrder.of(job.metadata());
            reason = order.isEmpty() ? Optional.empty() : dialled(order.get());
        } catch (IllegalArgumentException | LiveKitException e) {
            log.error("nobody can be telephoned: {}", e.getMessage());
            reason = Optional.of(EndReason.DIAL_FAILED);
        }
        unreached.complete(reason);
        if (reason.isPresent()) {
            nobody.run();
        }
    }

    /** Waits until the telephone is picked up; why it was not. Empty at once when the caller came by themselves. */
    Optional<EndReason> unreached() throws InterruptedException {
        try {
            return unreached.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<EndReason> dialled(DialOrder order) {
        var dial = new Dial(
                order.trunkId(), order.to(), order.from(), job.roomName(), "sip_" + order.to(), Map.of(), RING);
        return switch (sip.dial(dial)) {
            case SipOutcome.Connected _ -> {
                log.info("telephoned: picked up");
                yield Optional.empty();
            }
            case SipOutcome.NotConnected(var cause, var status, var why) -> {
                log.info("telephoned: {}, SIP status {} ({})", cause, status, why);
                yield Optional.of(
                        switch (cause) {
                            case BUSY -> EndReason.BUSY;
                            case NO_ANSWER -> EndReason.NO_ANSWER;
                            case REJECTED -> EndReason.DECLINED;
                            case FAILED -> EndReason.DIAL_FAILED;
                        });
            }
        };
    }
}
