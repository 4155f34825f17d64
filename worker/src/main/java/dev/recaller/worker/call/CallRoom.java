package dev.recaller.worker.call;

import dev.recaller.flow.EndReason;
import dev.recaller.livekit.room.DisconnectReason;
import dev.recaller.livekit.room.Participant;
import dev.recaller.livekit.room.RoomEvent;
import dev.recaller.livekit.room.RoomListener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens in a call's room, read as a telephone call: who the caller is (the participant of kind SIP, whoever else is
 * there), when they can hear us, which keys they press, and that they are gone. Events come on the room's thread.
 */
final class CallRoom implements RoomListener {
    private static final Logger log = LoggerFactory.getLogger(CallRoom.class);

    /** What the telephone does to the call. */
    interface Telephone {
        void answered();

        void keyed(char digit);

        /** The first time only. */
        void gone(EndReason reason);

        /** Another worker came to go on with the call. */
        default void takenOver() {}
    }

    private final Telephone telephone;
    /** Empty when the room was gone before a caller came. */
    private final CompletableFuture<Optional<Participant>> caller = new CompletableFuture<>();

    private final BlockingQueue<String> audio = new LinkedBlockingQueue<>();
    private final CountDownLatch left = new CountDownLatch(1);
    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
    private final AtomicBoolean answered = new AtomicBoolean();
    private volatile boolean calling;

    CallRoom(Telephone telephone) {
        this.telephone = telephone;
    }

    /** The caller, when there is one within the limit and before the room is gone. */
    Optional<Participant> awaitCaller(Duration limit) throws InterruptedException {
        try {
            return caller.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** We are the ones who call: who listens to us while it rings has not picked up. Before the room is joined. */
    void calls() {
        calling = true;
    }

    /** Whom we call has picked up, as who dialled for us says. Any thread. */
    void pickedUp() {
        answered();
    }

    /** There is no sense in waiting for a caller who is not there yet. Any thread. */
    void nobodyComes() {
        caller.complete(Optional.empty());
    }

    /** Waits for the next audio track of the caller; after a reconnect there is a new one. */
    String nextAudioTrack() throws InterruptedException {
        return audio.take();
    }

    /** The caller cannot hear us any more. */
    boolean isGone() {
        return gone.isDone();
    }

    /** Completes when {@link #isGone}; what hangs on it runs on the room's thread and must be quick. */
    CompletableFuture<@Nullable Void> whenGone() {
        return gone;
    }

    /** Waits until the caller has left the room, which is a little after they hung up, or the limit has passed. */
    void awaitLeft(Duration limit) {
        try {
            boolean _ = left.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void on(RoomEvent event) {
        switch (event) {
            case RoomEvent.ParticipantJoined(var participant) -> joined(participant);
            case RoomEvent.AttributesChanged(var participant, var changed)
            when isCaller(participant) -> {
                status(changed.get("sip.callStatus"));
            }
            case RoomEvent.AudioSubscribed(var participant, var track) when isCaller(participant) -> audio.add(track);
            case RoomEvent.LocalTrackSubscribed _ when !calling && caller().isPresent() -> answered();
            case RoomEvent.DtmfReceived(var participant, var _, var digit)
            when isCaller(participant) && digit.length() == 1 -> telephone.keyed(digit.charAt(0));
            case RoomEvent.ParticipantLeft(var participant, var reason)
            when isCaller(participant) -> left(leaving(reason));
            case RoomEvent.Disconnected(var reason) -> left(closed(reason));
            case RoomEvent.Reconnecting _ -> log.warn("The connection to the room is lost, being made again");
            case RoomEvent.Reconnected _ -> log.info("The connection to the room is back");
            case RoomEvent.AttributesChanged _,
                    RoomEvent.AudioSubscribed _,
                    RoomEvent.AudioUnsubscribed _,
                    RoomEvent.LocalTrackSubscribed _,
                    RoomEvent.DtmfReceived _,
                    RoomEvent.DataReceived _,
                    RoomEvent.ParticipantLeft _ -> {
                // not the caller's, or nothing to a telephone
            }
        }
    }

    private void joined(Participant participant) {
        if (participant.kind() == Participant.Kind.SIP && caller.complete(Optional.of(participant))) {
            status(participant.attributes().get("sip.callStatus"));
        }
        if (Resumed.isBy(participant)) {
            telephone.takenOver();
        }
    }

    private boolean isCaller(Participant participant) {
        return caller().map(Participant::sid).filter(participant.sid()::equals).isPresent();
    }

    private Optional<Participant> caller() {
        return caller.getNow(Optional.empty());
    }

    /** A restarted server leaves it at "ringing" for ever: our track's subscription counts as well. */
    private void status(@Nullable String status) {
        switch (status == null ? "" : status) {
            case "active" -> answered();
            case "hangup" -> gone(EndReason.CALLER_HANGUP);
            default -> {
                // ringing
            }
        }
    }

    private void answered() {
        if (answered.compareAndSet(false, true)) {
            telephone.answered();
        }
    }

    private void left(EndReason reason) {
        gone(reason);
        left.countDown();
    }

    private void gone(EndReason reason) {
        if (gone.complete(null)) {
            caller.complete(Optional.empty());
            telephone.gone(reason);
        }
    }

    private static EndReason leaving(DisconnectReason reason) {
        return switch (reason) {
            case CLIENT_INITIATED -> EndReason.CALLER_HANGUP;
            case PARTICIPANT_REMOVED, DUPLICATE_IDENTITY -> EndReason.OPERATOR;
            case ROOM_DELETED, ROOM_CLOSED -> EndReason.ROOM_CLOSED;
            default -> EndReason.MEDIA_LOST;
        };
    }

    private static EndReason closed(DisconnectReason reason) {
        return switch (reason) {
            case PARTICIPANT_REMOVED -> EndReason.OPERATOR;
            case ROOM_DELETED, ROOM_CLOSED, CLIENT_INITIATED -> EndReason.ROOM_CLOSED;
            default -> EndReason.MEDIA_LOST;
        };
    }
}
