package dev.recaller.worker.call;

import dev.recaller.flow.EndReason;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.agent.Job;
import dev.recaller.livekit.room.AudioIn;
import dev.recaller.livekit.room.Room;
import dev.recaller.livekit.server.Dial;
import dev.recaller.livekit.server.SipOutcome;
import dev.recaller.worker.speech.Greeting;
import dev.recaller.worker.speech.Greeting.AnsweredBy;
import dev.recaller.worker.telephony.DialOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.IntConsumer;
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
    private final IntConsumer notReached;
    private final CompletableFuture<Optional<EndReason>> unreached = new CompletableFuture<>();

    private final boolean readable;
    private volatile @Nullable DialOrder order;

    /** False as soon as what is heard is the conversation's. */
    private volatile boolean calling;

    private volatile @Nullable Greeting greeting;
    private volatile @Nullable AnsweredBy answeredBy;

    /**
     * Telephones nobody yet.
     *
     * @param metadata that may order a call; empty: nobody is to be telephoned
     * @param notReached told SIP's status when nobody picks up; 0: there was none
     */
    Outgoing(CallServices services, Job job, String metadata, CallRoom callRoom, IntConsumer notReached) {
        this.services = services;
        this.job = job;
        this.callRoom = callRoom;
        this.notReached = notReached;
        boolean understood = true;
        try {
            order = DialOrder.of(metadata).orElse(null);
        } catch (IllegalArgumentException e) {
            log.error("nobody can be telephoned, the job's metadata: {}", e.getMessage());
            understood = false;
            callRoom.nobodyComes();
        }
        readable = understood;
        calling = order != null;
        if (!calling) {
            unreached.complete(readable ? Optional.empty() : Optional.of(EndReason.DIAL_FAILED));
        }
        if (ordered()) {
            callRoom.calls();
        }
    }

    /** Whether we are the one who calls, also when it is not said whom: the other side answers. */
    boolean ordered() {
        return order != null || !readable;
    }

    /**
     * What is known of the call before we dial: whether it may be made, by whose flow and for whom, is decided by that.
     */
    CallMetadata told(Room room) {
        var attributes = new HashMap<String, String>();
        DialOrder whom = order == null ? null : withNumber(order);
        if (whom == null) {
            return new CallMetadata(job.metadata(), room.metadata(), attributes);
        }
        order = whom;
        attributes.put("sip.phoneNumber", whom.to());
        attributes.put("sip.trunkID", whom.trunkId());
        if (!whom.from().isEmpty()) {
            attributes.put("sip.trunkPhoneNumber", whom.from());
        }
        return new CallMetadata(job.metadata(), room.metadata(), attributes);
    }

    /** Takes one of the trunk's numbers where none is given, which livekit-server would do: whose it is says whose call it is. */
    private DialOrder withNumber(DialOrder whom) {
        if (!whom.from().isEmpty()) {
            return whom;
        }
        try {
            return services.sip().outboundTrunks().stream()
                    .filter(trunk -> trunk.id().equals(whom.trunkId())
                            && !trunk.numbers().isEmpty())
                    .findFirst()
                    .map(trunk -> new DialOrder(
                            whom.to(), whom.trunkId(), trunk.numbers().getFirst()))
                    .orElse(whom);
        } catch (LiveKitException e) {
            log.warn("it is not known from which number we telephone: {}", e.getMessage());
            return whom;
        }
    }

    /**
     * Dials whom the job names, and returns when somebody picked up and greeted us, or nobody did. An interrupt ends it.
     * Does nothing where nobody is to be telephoned.
     */
    void dial(String organizationId, UUID callId) throws InterruptedException {
        DialOrder whom = order;
        if (whom == null) {
            return;
        }
        Optional<EndReason> reason = Optional.of(EndReason.DIAL_FAILED);
        try {
            reason = services.tolls()
                            .refused(organizationId, callId, whom.to(), whom.from())
                            .isPresent()
                    ? Optional.of(EndReason.DIAL_REFUSED)
                    : dialled(whom);
        } catch (LiveKitException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(); // which closes the connection we wait at
            }
            log.error("nobody can be telephoned: {}", e.getMessage());
        } finally {
            calling = false;
            unreached.complete(reason);
        }
    }

    /** Takes what the called side says before the conversation; false if it is for the conversation. By one thread. */
    boolean hears(AudioIn.Frame frame) throws InterruptedException {
        Greeting now = greeting;
        if (now != null && calling) {
            now.hear(frame.samples());
        }
        return calling;
    }

    /** What is known of the call once it was picked up: what their participant tells, and who it was. */
    CallMetadata known(CallMetadata told) throws InterruptedException {
        AnsweredBy who = answeredBy;
        if (who == null) {
            return told;
        }
        var attributes = new HashMap<>(told.attributes());
        callRoom.awaitCaller(Duration.ZERO).ifPresent(them -> attributes.putAll(them.attributes()));
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
                callRoom.pickedUp();
                AnsweredBy who = greeted();
                answeredBy = who;
                log.info("telephoned: picked up by {}", who.label());
                yield Optional.empty();
            }
            case SipOutcome.NotConnected(var cause, var status, var why) -> {
                log.info("telephoned: {}, SIP status {} ({})", cause, status, why);
                notReached.accept(status);
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
