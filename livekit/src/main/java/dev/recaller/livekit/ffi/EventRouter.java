package dev.recaller.livekit.ffi;

import dev.recaller.livekit.ffi.Ffi.AudioSink;
import dev.recaller.livekit.ffi.Ffi.RoomSink;
import dev.recaller.livekit.ffi.proto.AudioFrameBufferInfo;
import dev.recaller.livekit.ffi.proto.AudioStreamEvent;
import dev.recaller.livekit.ffi.proto.BufferInfo;
import dev.recaller.livekit.ffi.proto.FfiEvent;
import dev.recaller.livekit.ffi.proto.FfiOwnedHandle;
import dev.recaller.livekit.ffi.proto.RoomEvent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings each of the core's events to the one it is for, by async id, room handle or stream handle. All of it runs on
 * the core's own threads, several at once.
 */
final class EventRouter {
    private record RoomRoute(Handles handles, RoomSink sink) {}

    private static final Logger log = LoggerFactory.getLogger(EventRouter.class);
    private static final byte[] NO_DATA = {};

    private final Consumer<FfiOwnedHandle> unwanted;
    private final Consumer<String> onPanic;
    private final Map<Long, Consumer<FfiEvent>> answers = new ConcurrentHashMap<>();
    private final Map<Long, RoomRoute> rooms = new ConcurrentHashMap<>();
    private final Map<Long, AudioSink> streams = new ConcurrentHashMap<>();
    private final LongAdder unknownEvents = new LongAdder();
    private final LongAdder strayFrames = new LongAdder();

    /** @param unwanted owns and drops the handles of events that are for nobody */
    EventRouter(Consumer<FfiOwnedHandle> unwanted, Consumer<String> onPanic) {
        this.unwanted = unwanted;
        this.onPanic = onPanic;
    }

    /** Routes every event with this async id until {@link #forgetAnswer}. */
    void onAnswer(long asyncId, Consumer<FfiEvent> consumer) {
        answers.put(asyncId, consumer);
    }

    void forgetAnswer(long asyncId) {
        answers.remove(asyncId);
    }

    void onRoom(long roomHandle, Handles handles, RoomSink sink) {
        rooms.put(roomHandle, new RoomRoute(handles, sink));
    }

    void forgetRoom(long roomHandle) {
        rooms.remove(roomHandle);
    }

    void onStream(long streamHandle, AudioSink sink) {
        streams.put(streamHandle, sink);
    }

    void forgetStream(long streamHandle) {
        streams.remove(streamHandle);
    }

    long unknownEvents() {
        return unknownEvents.sum();
    }

    long strayFrames() {
        return strayFrames.sum();
    }

    /** The upcall. An exception that left it would end the JVM. */
    void accept(byte[] encoded) {
        try {
            route(FfiEvent.parseFrom(encoded));
        } catch (Throwable e) {
            log.error("An event of LiveKit's native core was lost", e);
        }
    }

    private void route(FfiEvent event) {
        switch (event.getMessageCase()) {
            case AUDIO_STREAM_EVENT -> audio(event.getAudioStreamEvent());
            case CAPTURE_AUDIO_FRAME -> answer(event.getCaptureAudioFrame().getAsyncId(), event);
            case ROOM_EVENT -> room(event.getRoomEvent());
            case CONNECT -> answer(event.getConnect().getAsyncId(), event);
            case DISCONNECT -> answer(event.getDisconnect().getAsyncId(), event);
            case PUBLISH_TRACK -> answer(event.getPublishTrack().getAsyncId(), event);
            case SET_LOCAL_ATTRIBUTES -> answer(event.getSetLocalAttributes().getAsyncId(), event);
            case PUBLISH_SIP_DTMF -> answer(event.getPublishSipDtmf().getAsyncId(), event);
            case PERFORM_RPC -> answer(event.getPerformRpc().getAsyncId(), event);
            case PANIC -> {
                String message = event.getPanic().getMessage();
                Thread.ofVirtual().name("livekit-panic").start(() -> onPanic.accept(message));
            }
            case TRACK_EVENT, LOGS -> {}
            case MESSAGE_NOT_SET -> unknownEvents.increment();
        }
    }

    private void answer(long asyncId, FfiEvent event) {
        Consumer<FfiEvent> consumer = answers.get(asyncId);
        if (consumer == null) {
            Handles.forEach(event, unwanted);
        } else {
            consumer.accept(event);
        }
    }

    private void room(RoomEvent event) {
        RoomRoute route = rooms.get(event.getRoomHandle());
        switch (event.getMessageCase()) {
            case BYTE_STREAM_OPENED, TEXT_STREAM_OPENED, DATA_TRACK_PUBLISHED -> Handles.forEach(event, unwanted);
            case DATA_PACKET_RECEIVED -> {
                BufferInfo payload =
                        event.getDataPacketReceived().getUser().getData().getData();
                byte[] data = route == null || payload.getDataLen() == 0
                        ? NO_DATA
                        : NativeLibrary.bytes(payload.getDataPtr(), payload.getDataLen());
                Handles.forEach(event, unwanted);
                if (route != null) {
                    route.sink().event(event, data);
                }
            }
            case MESSAGE_NOT_SET -> unknownEvents.increment();
            default -> {
                if (route == null) {
                    Handles.forEach(event, unwanted);
                } else {
                    route.handles().ownAll(event);
                    route.sink().event(event, NO_DATA);
                }
            }
        }
    }

    private void audio(AudioStreamEvent event) {
        AudioSink sink = streams.get(event.getStreamHandle());
        if (event.hasEos()) {
            if (sink != null) {
                sink.end();
            }
            return;
        }
        var frame = event.getFrameReceived().getFrame();
        AudioFrameBufferInfo info = frame.getInfo();
        short[] samples = sink == null
                ? new short[0]
                : NativeLibrary.samples(info.getDataPtr(), info.getSamplesPerChannel() * info.getNumChannels());
        unwanted.accept(frame.getHandle());
        if (sink == null) {
            strayFrames.increment();
        } else {
            sink.frame(samples);
        }
    }
}
