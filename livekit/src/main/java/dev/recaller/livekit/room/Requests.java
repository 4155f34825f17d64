package dev.recaller.livekit.room;

import dev.recaller.livekit.ffi.proto.AttributesEntry;
import dev.recaller.livekit.ffi.proto.AudioSourceOptions;
import dev.recaller.livekit.ffi.proto.ConnectRequest;
import dev.recaller.livekit.ffi.proto.CreateAudioTrackRequest;
import dev.recaller.livekit.ffi.proto.DisconnectRequest;
import dev.recaller.livekit.ffi.proto.FfiRequest;
import dev.recaller.livekit.ffi.proto.NewAudioSourceRequest;
import dev.recaller.livekit.ffi.proto.NewAudioStreamRequest;
import dev.recaller.livekit.ffi.proto.PerformRpcRequest;
import dev.recaller.livekit.ffi.proto.PublishSipDtmfRequest;
import dev.recaller.livekit.ffi.proto.PublishTrackRequest;
import dev.recaller.livekit.ffi.proto.ReadyForRoomEventRequest;
import dev.recaller.livekit.ffi.proto.RoomOptions;
import dev.recaller.livekit.ffi.proto.SetLocalAttributesRequest;
import dev.recaller.livekit.ffi.proto.TrackPublishOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** What we ask of the native core, and our choices where it leaves any. */
final class Requests {
    private static final int NATIVE = 0;
    private static final int MICROPHONE = 2;

    private Requests() {}

    /** How often and how long it tries is the core's own choice: some 5 s an attempt. */
    static FfiRequest.Builder connect(long asyncId, URI url, String token) {
        return FfiRequest.newBuilder()
                .setConnect(ConnectRequest.newBuilder()
                        .setUrl(url.toString())
                        .setToken(token)
                        .setRequestAsyncId(asyncId)
                        .setOptions(RoomOptions.newBuilder()
                                .setAutoSubscribe(true)
                                .setAdaptiveStream(false)
                                .setDynacast(false)));
    }

    static FfiRequest.Builder ready(long room) {
        return FfiRequest.newBuilder()
                .setReadyForRoomEvent(ReadyForRoomEventRequest.newBuilder().setRoomHandle(room));
    }

    static FfiRequest.Builder disconnect(long asyncId, long room) {
        return FfiRequest.newBuilder()
                .setDisconnect(
                        DisconnectRequest.newBuilder().setRoomHandle(room).setRequestAsyncId(asyncId));
    }

    /** No queue: each frame goes out at once, the pacer is the clock. A phone call needs no further processing. */
    static FfiRequest.Builder newAudioSource() {
        return FfiRequest.newBuilder()
                .setNewAudioSource(NewAudioSourceRequest.newBuilder()
                        .setType(NATIVE)
                        .setSampleRate(AudioOut.SAMPLE_RATE)
                        .setNumChannels(1)
                        .setQueueSizeMs(0)
                        .setOptions(AudioSourceOptions.newBuilder()
                                .setEchoCancellation(false)
                                .setNoiseSuppression(false)
                                .setAutoGainControl(false)));
    }

    static FfiRequest.Builder createAudioTrack(long source) {
        return FfiRequest.newBuilder()
                .setCreateAudioTrack(
                        CreateAudioTrackRequest.newBuilder().setName("agent").setSourceHandle(source));
    }

    /** Without DTX, so that livekit-sip's RTP stream never stops; without RED, which only doubles the bytes here. */
    static FfiRequest.Builder publishTrack(long asyncId, long localParticipant, long track) {
        return FfiRequest.newBuilder()
                .setPublishTrack(PublishTrackRequest.newBuilder()
                        .setLocalParticipantHandle(localParticipant)
                        .setTrackHandle(track)
                        .setRequestAsyncId(asyncId)
                        .setOptions(TrackPublishOptions.newBuilder()
                                .setSource(MICROPHONE)
                                .setDtx(false)
                                .setRed(false)));
    }

    /** The core's own queue is 200 ms: a stalled process loses old audio instead of answering late for ever. */
    static FfiRequest.Builder newAudioStream(long track) {
        return FfiRequest.newBuilder()
                .setNewAudioStream(NewAudioStreamRequest.newBuilder()
                        .setTrackHandle(track)
                        .setType(NATIVE)
                        .setSampleRate(AudioIn.SAMPLE_RATE)
                        .setNumChannels(1)
                        .setFrameSizeMs(1000 * AudioIn.FRAME_SAMPLES / AudioIn.SAMPLE_RATE)
                        .setQueueSizeFrames(20));
    }

    static FfiRequest.Builder setAttributes(long asyncId, long localParticipant, Map<String, String> attributes) {
        var request = SetLocalAttributesRequest.newBuilder()
                .setLocalParticipantHandle(localParticipant)
                .setRequestAsyncId(asyncId);
        attributes.forEach((key, value) ->
                request.addAttributes(AttributesEntry.newBuilder().setKey(key).setValue(value)));
        return FfiRequest.newBuilder().setSetLocalAttributes(request);
    }

    static FfiRequest.Builder sendDtmf(long asyncId, long localParticipant, int code, String digit) {
        return FfiRequest.newBuilder()
                .setPublishSipDtmf(PublishSipDtmfRequest.newBuilder()
                        .setLocalParticipantHandle(localParticipant)
                        .setCode(code)
                        .setDigit(digit)
                        .setRequestAsyncId(asyncId));
    }

    static FfiRequest.Builder performRpc(
            long asyncId, long localParticipant, String identity, String method, String payload, Duration limit) {
        return FfiRequest.newBuilder()
                .setPerformRpc(PerformRpcRequest.newBuilder()
                        .setLocalParticipantHandle(localParticipant)
                        .setDestinationIdentity(identity)
                        .setMethod(method)
                        .setPayload(payload)
                        .setResponseTimeoutMs(Math.toIntExact(limit.toMillis()))
                        .setRequestAsyncId(asyncId));
    }
}
