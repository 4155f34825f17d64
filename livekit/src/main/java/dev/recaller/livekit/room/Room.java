package dev.recaller.livekit.room;

import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.ffi.Ffi;
import dev.recaller.livekit.ffi.Handles;
import dev.recaller.livekit.ffi.proto.ConnectCallback;
import dev.recaller.livekit.ffi.proto.FfiEvent;
import dev.recaller.livekit.ffi.proto.FfiRequest;
import dev.recaller.livekit.ffi.proto.FfiResponse;
import dev.recaller.livekit.ffi.proto.PerformRpcCallback;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A room we are in, until {@link #close}. Any thread. */
public final class Room implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Room.class);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(5);

    private final Ffi ffi;
    private final Pacer pacer;
    private final RoomCounters counters;
    private final Consumer<Room> onClosed;
    private final Handles handles;
    private final RoomEvents events;
    private final long roomHandle;
    private final long localHandle;
    private final String name;
    private final Participant local;
    private final Set<AudioOut> outs = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Owns every handle in {@code joined}. */
    Room(
            Ffi ffi,
            Pacer pacer,
            RoomCounters counters,
            ConnectCallback.Result joined,
            RoomListener listener,
            Consumer<Room> onClosed) {
        this.ffi = ffi;
        this.pacer = pacer;
        this.counters = counters;
        this.onClosed = onClosed;
        handles = ffi.newHandles();
        handles.ownAll(joined);
        roomHandle = joined.getRoom().getHandle().getId();
        localHandle = joined.getLocalParticipant().getHandle().getId();
        name = joined.getRoom().getInfo().getName();
        local = new Participant(joined.getLocalParticipant().getInfo());
        events = new RoomEvents(listener, handles, counters, joined, local);
    }

    /** Lets events come; the core holds them back until it is told to. */
    void start() {
        ffi.onRoom(roomHandle, handles, events);
        ffi.request(Requests.ready(roomHandle));
    }

    /** A telephone room's name contains its number: not for logs. */
    public String name() {
        return name;
    }

    /** LiveKit's id of this room, for logs; empty until the server has told it. */
    public String sid() {
        return events.roomSid();
    }

    /** What the room's maker says of it, as it is now; may be empty. */
    public String metadata() {
        return events.roomMetadata();
    }

    /** Ourselves. */
    public Participant local() {
        return local;
    }

    /**
     * Publishes a microphone track named "agent" and plays {@code source} on it from now on, silence included, until
     * the output or the room is closed. Returns when the server has the track.
     *
     * @throws LiveKitException ROOM_REQUEST_FAILED, TIMED_OUT, ROOM_CLOSED
     */
    public AudioOut publishAudio(FrameSource source) throws InterruptedException {
        String what = "Publishing audio";
        long sourceHandle = handles.own(request(what, Requests.newAudioSource())
                .getNewAudioSource()
                .getSource()
                .getHandle());
        long trackHandle = handles.own(request(what, Requests.createAudioTrack(sourceHandle))
                .getCreateAudioTrack()
                .getTrack()
                .getHandle());
        var published = call(what, REQUEST_LIMIT, asyncId -> Requests.publishTrack(asyncId, localHandle, trackHandle))
                .getPublishTrack();
        handles.ownAll(published);
        failIf(what, published.hasError(), published.getError());
        var out = new AudioOut(
                ffi.newFrameSink(sourceHandle, AudioOut.SAMPLE_RATE, AudioOut.FRAME_SAMPLES),
                source,
                counters,
                pacer::wake);
        outs.add(out);
        pacer.add(out);
        if (closing.get()) {
            stop(out);
            throw LiveKitException.roomClosed(what);
        }
        return out;
    }

    /**
     * Hears a participant's audio from now on.
     *
     * @param trackSid from {@link RoomEvent.AudioSubscribed}
     * @return ended from the beginning if the track is gone already
     * @throws LiveKitException ROOM_CLOSED
     */
    public AudioIn listen(String trackSid) {
        Long trackHandle = events.trackHandle(trackSid);
        if (trackHandle == null) {
            var gone = new AudioIn(counters, () -> {});
            gone.end();
            return gone;
        }
        long stream = handles.own(request("Listening", Requests.newAudioStream(trackHandle))
                .getNewAudioStream()
                .getStream()
                .getHandle());
        var audio = new AudioIn(counters, () -> {
            ffi.forgetStream(stream);
            handles.drop(stream);
        });
        ffi.onStream(stream, audio.sink());
        events.onTrackEnd(trackSid, audio::close);
        if (closing.get()) {
            audio.close();
        }
        return audio;
    }

    /**
     * Adds to or changes our own attributes; an empty value removes one.
     *
     * @throws LiveKitException ROOM_REQUEST_FAILED, TIMED_OUT, ROOM_CLOSED
     */
    public void setAttributes(Map<String, String> attributes) throws InterruptedException {
        String what = "Setting attributes";
        var answer = call(what, REQUEST_LIMIT, asyncId -> Requests.setAttributes(asyncId, localHandle, attributes))
                .getSetLocalAttributes();
        // The core begins to wait for the server's answer after it asked: one that was quicker is lost on it, and the
        // core tells of a timeout. What the server has told everybody, us included, is set.
        failIf(what, answer.hasError() && !local.has(attributes), answer.getError());
    }

    /**
     * Presses a key towards every telephone in the room.
     *
     * @param code 0 to 9 for digits, 10 for *, 11 for #, 12 to 15 for A to D
     * @throws LiveKitException ROOM_REQUEST_FAILED, TIMED_OUT, ROOM_CLOSED
     */
    public void sendDtmf(int code, String digit) throws InterruptedException {
        String what = "Sending a key";
        var answer = call(what, REQUEST_LIMIT, asyncId -> Requests.sendDtmf(asyncId, localHandle, code, digit))
                .getPublishSipDtmf();
        failIf(what, answer.hasError(), answer.getError());
    }

    /**
     * Calls a procedure of another participant; a telephone has {@code lk.sip.EndCall}.
     *
     * @return the answer's payload
     * @throws LiveKitException RPC_FAILED, TIMED_OUT, ROOM_CLOSED
     */
    public String performRpc(String identity, String method, String payload, Duration limit)
            throws InterruptedException {
        Duration ours = limit.plusSeconds(1); // the core's own limit comes first and says more
        PerformRpcCallback answer = call(
                        method,
                        ours,
                        asyncId -> Requests.performRpc(asyncId, localHandle, identity, method, payload, limit))
                .getPerformRpc();
        if (answer.hasError()) {
            throw LiveKitException.rpcFailed(
                    method, answer.getError().getCode(), answer.getError().getMessage());
        }
        return answer.getPayload();
    }

    /**
     * Leaves the room and gives back all it holds: no audio is asked for, no handle is left when this returns. The
     * listener hears {@link RoomEvent.Disconnected} after it, if it has not yet.
     */
    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            try {
                outs.forEach(this::stop);
                leave();
            } finally {
                ffi.forgetRoom(roomHandle);
                events.endTracks();
                handles.close();
                events.end();
                onClosed.accept(this);
                closed.countDown();
            }
        } else if (!events.onOwnThread()) {
            awaitClosed();
        }
    }

    private void stop(AudioOut out) {
        pacer.remove(out);
        out.close();
    }

    /** A thread that was interrupted to end a call still leaves the room in an orderly way. */
    private void leave() {
        boolean interrupted = Thread.interrupted();
        try {
            ffi.call(asyncId -> Requests.disconnect(asyncId, roomHandle), LEAVE_LIMIT);
        } catch (LiveKitException e) {
            log.warn("Leaving room {} did not end well; its handles are given back: {}", sid(), e.getMessage());
        } catch (InterruptedException _) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private FfiResponse request(String what, FfiRequest.Builder request) {
        try {
            return ffi.request(request);
        } catch (LiveKitException e) {
            throw explained(what, e);
        }
    }

    private FfiEvent call(String what, Duration limit, LongFunction<FfiRequest.Builder> request)
            throws InterruptedException {
        try {
            return ffi.call(request, limit);
        } catch (LiveKitException e) {
            throw explained(what, e);
        }
    }

    /** What the core refuses in a room that is left, it refuses because it is left. */
    private LiveKitException explained(String what, LiveKitException e) {
        return closing.get() ? LiveKitException.roomClosed(what) : e;
    }

    private static void failIf(String what, boolean failed, String reason) {
        if (failed) {
            throw LiveKitException.roomRequestFailed(what, reason);
        }
    }
}
