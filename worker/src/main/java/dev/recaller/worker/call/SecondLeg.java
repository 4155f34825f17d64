package dev.recaller.worker.call;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.line.Consultation;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Transferred;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.room.AudioIn;
import dev.recaller.livekit.room.Room;
import dev.recaller.livekit.server.Dial;
import dev.recaller.livekit.server.SipOutcome;
import dev.recaller.worker.speech.Greeting;
import dev.recaller.worker.speech.Greeting.AnsweredBy;
import dev.recaller.worker.speech.PhoneLine;
import dev.recaller.worker.speech.Playout;
import dev.recaller.worker.speech.SpeechListener;
import dev.recaller.worker.speech.TurnSettings;
import dev.recaller.worker.telephony.DialOrder;
import dev.recaller.worker.telephony.Keys;
import dev.recaller.worker.telephony.Transfers;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody who is telephoned beside a caller, in a room of their own, so that neither hears the other whatever the bridge
 * subscribes to. livekit-server 1.13 cannot move a participant to another room: who is joined talks through us.
 */
final class SecondLeg implements Consultation {
    private static final Logger log = LoggerFactory.getLogger(SecondLeg.class);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    /** livekit-sip joins the room within 100 ms, then dials; one that is removed before would be made anew. */
    private static final Duration JOINING = Duration.ofSeconds(1);
    /** SIP's status of a call that was picked up. */
    private static final int PICKED_UP = 200;

    /** Who hears them. */
    private enum Stage {
        RINGING,
        GREETING,
        TALKING,
        JOINED
    }

    private final CallServices services;
    private final Room callersRoom;
    private final CallRoom caller;
    private final CallRoom them = new CallRoom(new Telephone());
    private final String roomName;
    private final CallScope scope;
    private final Playout playout = new Playout(System::nanoTime);
    private final PhoneLine line;
    private final Relay toThem = new Relay();
    private final Relay toCaller = new Relay();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Stage stage = Stage.RINGING;
    private volatile @Nullable Greeting greeting;
    private volatile @Nullable Room room;
    private @Nullable CompletableFuture<SipOutcome> dialling;

    /**
     * Telephones nobody yet.
     *
     * @param callId the caller's
     * @param caller who waits, in {@code callersRoom}
     * @param flow whose voice speaks
     * @param threads of the call
     */
    SecondLeg(
            UUID callId,
            CallServices services,
            Room callersRoom,
            CallRoom caller,
            FlowConfiguration flow,
            ThreadFactory threads) {
        roomName = roomNames(callId) + UUID.randomUUID();
        this.services = services;
        this.callersRoom = callersRoom;
        this.caller = caller;
        scope = new CallScope(threads);
        them.calls();
        line = new PhoneLine(
                TurnSettings.of(flow.turns(), flow.locale()),
                services.voiceActivity(),
                services.providers().transcription(flow),
                services.providers().speech(flow),
                playout,
                SpeechListener.NONE,
                System::nanoTime,
                threads,
                this::close);
    }

    /** How the names of the rooms begin in which others were telephoned beside this caller. */
    static String roomNames(UUID callId) {
        return "consult-" + callId + "-";
    }

    /**
     * Dials, and returns when a person has picked up and said their first words, or nothing; or when that did not happen.
     *
     * @return {@link Transferred.Done} when they can be talked to
     */
    Transferred dial(URI url, DialOrder whom, Duration ring) throws InterruptedException {
        try {
            Room joined = services.rooms()
                    .connect(url, services.server().roomToken(roomName, "recaller"), them, CONNECT_LIMIT);
            room = joined;
            var out = joined.publishAudio(this::next);
            playout.onUrgent(out::hurry);
            scope.fork("hearing who is consulted", () -> CallersAudio.bring(joined, them, this::hear));
            var _ = caller.whenGone().thenRun(line::hungUp);
            var dial = new Dial(whom.trunkId(), whom.to(), whom.from(), roomName, "sip_" + whom.to(), Map.of(), ring);
            var ringing = new CompletableFuture<SipOutcome>();
            dialling = ringing;
            scope.fork("telephoning who is consulted", () -> dial(dial, ringing));
            return dialled(ringing);
        } catch (LiveKitException e) {
            return new Transferred.Failed(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Line line() {
        return line;
    }

    @Override
    public Transferred join() {
        if (caller.isGone()) {
            return new Transferred.HungUp();
        }
        if (them.isGone()) {
            return new Transferred.Declined(PICKED_UP);
        }
        stage = Stage.JOINED;
        return new Transferred.Done();
    }

    /** Whether they and the caller talk with each other, or did. */
    boolean isJoined() {
        return stage == Stage.JOINED;
    }

    /** Has who is joined hear the caller: 16 kHz mono. By one thread. */
    void hearCaller(short[] pcm) {
        toThem.add(pcm);
    }

    /** The next 10 ms of who is joined, for the caller's telephone. By the pacer. */
    boolean forCaller(short[] frame) {
        return toCaller.next(frame);
    }

    /** The caller pressed it, for who is joined. */
    void keyed(char digit) {
        Room theirs = room;
        if (theirs != null) {
            press(theirs, digit);
        }
    }

    private void press(Room towards, char digit) {
        if (!closed.get()) {
            scope.fork("passing a key on", () -> Keys.press(towards, String.valueOf(digit)));
        }
    }

    /** Waits until one of the two has hung up. */
    void awaitParted() throws InterruptedException {
        awaitAny(caller.whenGone(), them.whenGone());
    }

    @Override
    public void close() {
        if (!isJoined()) {
            hangUp();
        }
    }

    /** Ends it, also for who is joined. Returns when their telephone is hung up. */
    void hangUp() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            CompletableFuture<SipOutcome> ringing = dialling;
            if (ringing != null && !ringing.isDone()) {
                var _ = them.awaitCaller(JOINING);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            scope.close();
            line.close();
            leave();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void leave() {
        Room in = room;
        if (in == null) {
            return;
        }
        in.close();
        try {
            services.server().deleteRoom(roomName);
        } catch (LiveKitException e) {
            log.warn("the room of who was consulted stays until they hang up: {}", e.getMessage());
        }
    }

    private void dial(Dial dial, CompletableFuture<SipOutcome> ringing) throws InterruptedException {
        try {
            ringing.complete(services.sip().dial(dial));
        } catch (RuntimeException e) {
            ringing.completeExceptionally(e);
        }
    }

    private Transferred dialled(CompletableFuture<SipOutcome> ringing) throws InterruptedException {
        awaitAny(ringing, caller.whenGone());
        if (caller.isGone()) {
            return new Transferred.HungUp();
        }
        try {
            return switch (ringing.get()) {
                case SipOutcome.Connected _ -> pickedUp();
                case SipOutcome.NotConnected how -> Transfers.notConnected(how);
            };
        } catch (ExecutionException e) {
            return new Transferred.Failed(String.valueOf(e.getMessage()));
        }
    }

    /** Waits for the first of these, however it ends. */
    private static void awaitAny(CompletableFuture<?>... any) throws InterruptedException {
        try {
            var _ = CompletableFuture.anyOf(any).get();
        } catch (ExecutionException e) {
            log.debug("it ended by a failure, which its owner tells of", e);
        }
    }

    private Transferred pickedUp() throws InterruptedException {
        them.pickedUp();
        AnsweredBy who;
        try (var listening = new Greeting(services.voiceActivity())) {
            greeting = listening;
            stage = Stage.GREETING;
            who = listening.await(() -> them.isGone() || caller.isGone());
        } finally {
            stage = Stage.TALKING;
        }
        log.info("who is consulted picked up: {}", who.label());
        if (caller.isGone()) {
            return new Transferred.HungUp();
        }
        if (them.isGone()) {
            return new Transferred.Declined(PICKED_UP);
        }
        return who == AnsweredBy.MACHINE ? new Transferred.NoAnswer(PICKED_UP) : new Transferred.Done();
    }

    private void hear(AudioIn.Frame frame) throws InterruptedException {
        switch (stage) {
            case RINGING -> {
                // what the network plays while it rings
            }
            case GREETING -> {
                Greeting listening = greeting;
                if (listening != null) {
                    listening.hear(frame.samples());
                }
            }
            case TALKING -> line.hear(frame.samples(), frame.receivedNs());
            case JOINED -> toCaller.add(frame.samples());
        }
    }

    private boolean next(short[] frame) {
        return isJoined() ? toThem.next(frame) : playout.next(frame);
    }

    private final class Telephone implements CallRoom.Telephone {
        @Override
        public void answered() {
            playout.answered();
        }

        @Override
        public void keyed(char digit) {
            if (isJoined()) {
                press(callersRoom, digit);
            } else {
                line.keyed(digit);
            }
        }

        @Override
        public void gone(EndReason reason) {
            line.hungUp();
        }
    }
}
