package dev.recaller.worker.call;

import dev.recaller.flow.EndReason;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.agent.Job;
import dev.recaller.livekit.room.AudioIn;
import dev.recaller.livekit.server.Dial;
import dev.recaller.livekit.server.SipOutcome;
import dev.recaller.worker.speech.Greeting;
import dev.recaller.worker.speech.Greeting.AnsweredBy;
import dev.recaller.worker.telephony.DialOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The telephone call that a job asks us to make. Who is called is in the room from the beginning of the ringing on; the
 * flow begins when they have picked up and greeted us, or said nothing. Their greeting is not the flow's to hear: what it
 * tells is whether a person or a machine picked up.
 */
final class Outgoing {
    private static final Logger log = LoggerFactory.getLogger(Outgoing.class);

    /** Mailboxes answer after 20 to 30 s; who has none may take a little longer. */
    private static final Duration RING = Duration.ofSeconds(45);

    /** Attribute of the called participant for flows: {@code person}, {@code machine} or {@code unknown}. */
    static final String ANSWERED_BY = "recaller.answeredBy";

    private final CallServices services;
    private final Job job;
    private final CallRoom callRoom;
    private final CompletableFuture<Optional<EndReason>> unreached = new CompletableFuture<>();

    private final Optional<DialOrder> order;
    private final @Nullable String mistake;

    /** False as soon as what is heard is the conversation's. */
    private volatile boolean calling;

    private volatile @Nullable Greeting greeting;
    private volatile @Nullable AnsweredBy answeredBy;

    Outgoing(CallServices services, Job job, CallRoom callRoom) {
        this.services = services;
        this.job = job;
        this.callRoom = callRoom;
        Optional<DialOrder> ordered = Optional.empty();
        String wrong = null;
        try {
            ordered = DialOrder.of(job.metadata());
        } catch (IllegalArgumentException e) {
            wrong = "the job's metadata: " + e.getMessage();
        }
        order = ordered;
        mistake = wrong;
        calling = order.isPresent();
    }

    /**
     * Dials, if the job says whom, and returns when somebody picked up and greeted us, or nobody did. An interrupt ends
     * it.
     */
    void dial() throws InterruptedException {
        Optional<EndReason> reason = Optional.of(EndReason.DIAL_FAILED);
        try {
            if (mistake != null) {
                log.error("nobody can be telephoned: {}", mistake);
            } else {
                reason = order.isEmpty() ? Optional.empty() : dialled(order.get());
            }
        } catch (LiveKitException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(); // which closes the connection we wait at
            }
            log.error("nobody can be telephoned: {}", e.getMessage());
        } finally {
            calling = false;
            unreached.complete(reason);
            if (reason.isPresent()) {
                callRoom.nobodyComes();
            }
        }
    }

    /** Whether we are the one who calls: the other side answers. */
    boolean ordered() {
        return order.isPresent();
    }

    /** Takes what the called side says before the conversation; false if it is for the conversation. By one thread. */
    boolean hears(AudioIn.Frame frame) throws InterruptedException {
        Greeting now = greeting;
        if (now != null && calling) {
            now.hear(frame.samples());
        }
        return calling;
    }

    /** What is known of the call, with who picked up. */
    CallMetadata told(CallMetadata told) {
        AnsweredBy who = answeredBy;
        if (who == null) {
            return told;
        }
        var attributes = new HashMap<>(told.attributes());
        attributes.put(ANSWERED_BY, who.label());
        return new CallMetadata(told.job(), told.room(), attributes);
    }

    /** Waits until the telephone is picked up; why it was not. Empty at once when the caller came by themselves. */
    Optional<EndReason> unreached() throws InterruptedException {
        try {
            return unreached.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<EndReason> dialled(DialOrder whom) throws InterruptedException {
        var dial = new Dial(whom.trunkId(), whom.to(), whom.from(), job.roomName(), "sip_" + whom.to(), Map.of(), RING);
        return switch (services.sip().dial(dial)) {
            case SipOutcome.Connected _ -> {
                AnsweredBy who = greeted();
                answeredBy = who;
                log.info("telephoned: picked up by {}", who.label());
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

    private AnsweredBy greeted() throws InterruptedException {
        try (var listening = new Greeting(services.voiceActivity())) {
            greeting = listening;
            return listening.await(callRoom::isGone);
        }
    }
}
