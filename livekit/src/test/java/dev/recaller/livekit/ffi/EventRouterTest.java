package dev.recaller.livekit.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.livekit.ffi.proto.AudioFrameBufferInfo;
import dev.recaller.livekit.ffi.proto.AudioFrameReceived;
import dev.recaller.livekit.ffi.proto.AudioStreamEvent;
import dev.recaller.livekit.ffi.proto.ConnectCallback;
import dev.recaller.livekit.ffi.proto.FfiEvent;
import dev.recaller.livekit.ffi.proto.FfiOwnedHandle;
import dev.recaller.livekit.ffi.proto.OwnedAudioFrameBuffer;
import dev.recaller.livekit.ffi.proto.OwnedParticipant;
import dev.recaller.livekit.ffi.proto.OwnedRoom;
import dev.recaller.livekit.ffi.proto.OwnedTextStreamReader;
import dev.recaller.livekit.ffi.proto.OwnedTrackPublication;
import dev.recaller.livekit.ffi.proto.Panic;
import dev.recaller.livekit.ffi.proto.ParticipantInfo;
import dev.recaller.livekit.ffi.proto.RoomEvent;
import dev.recaller.livekit.ffi.proto.RoomInfo;
import dev.recaller.livekit.ffi.proto.TextStreamOpened;
import dev.recaller.livekit.ffi.proto.TrackPublicationInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Events the core cannot be made to send here: a panic, one for nobody, one from a newer core, a broken one. */
final class EventRouterTest {
    private final List<Long> dropped = new ArrayList<>();
    private final CompletableFuture<String> panic = new CompletableFuture<>();
    private final EventRouter events = new EventRouter(handle -> dropped.add(handle.getId()), panic::complete);

    private static FfiOwnedHandle handle(long id) {
        return FfiOwnedHandle.newBuilder().setId(id).build();
    }

    private static OwnedParticipant participant(long id) {
        return OwnedParticipant.newBuilder()
                .setHandle(handle(id))
                .setInfo(ParticipantInfo.newBuilder()
                        .setSid("PA_1")
                        .setName("")
                        .setIdentity("somebody")
                        .setKind(0))
                .build();
    }

    private void accept(FfiEvent.Builder event) {
        events.accept(event.build().toByteArray());
    }

    @Test
    void tellsOfAPanic() throws Exception {
        accept(FfiEvent.newBuilder().setPanic(Panic.newBuilder().setMessage("gone wrong")));

        assertThat(panic.get(30, TimeUnit.SECONDS)).isEqualTo("gone wrong");
    }

    @Test
    void dropsEveryHandleOfAnAnswerNobodyWaitsFor() {
        accept(FfiEvent.newBuilder()
                .setConnect(ConnectCallback.newBuilder()
                        .setAsyncId(7)
                        .setResult(ConnectCallback.Result.newBuilder()
                                .setRoom(OwnedRoom.newBuilder()
                                        .setHandle(handle(1))
                                        .setInfo(RoomInfo.newBuilder()
                                                .setName("room")
                                                .setMetadata("")))
                                .setLocalParticipant(participant(2))
                                .addParticipants(ConnectCallback.ParticipantWithTracks.newBuilder()
                                        .setParticipant(participant(3))
                                        .addPublications(OwnedTrackPublication.newBuilder()
                                                .setHandle(handle(4))
                                                .setInfo(TrackPublicationInfo.newBuilder()
                                                        .setSid("TR_1")))))));

        assertThat(dropped).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
    }

    @Test
    void dropsWhatNoRoomWants() {
        accept(FfiEvent.newBuilder()
                .setRoomEvent(RoomEvent.newBuilder()
                        .setRoomHandle(9)
                        .setTextStreamOpened(TextStreamOpened.newBuilder()
                                .setReader(OwnedTextStreamReader.newBuilder().setHandle(handle(5))))));

        assertThat(dropped).containsExactly(5L);
    }

    @Test
    void dropsAFrameWhoseStreamIsClosed() {
        accept(FfiEvent.newBuilder()
                .setAudioStreamEvent(AudioStreamEvent.newBuilder()
                        .setStreamHandle(9)
                        .setFrameReceived(AudioFrameReceived.newBuilder()
                                .setFrame(OwnedAudioFrameBuffer.newBuilder()
                                        .setHandle(handle(6))
                                        .setInfo(AudioFrameBufferInfo.newBuilder()
                                                .setDataPtr(0)
                                                .setNumChannels(1)
                                                .setSampleRate(16_000)
                                                .setSamplesPerChannel(320))))));

        assertThat(dropped).containsExactly(6L);
        assertThat(events.strayFrames()).isEqualTo(1);
    }

    @Test
    void countsEventsOfANewerCore() {
        accept(FfiEvent.newBuilder());
        accept(FfiEvent.newBuilder().setRoomEvent(RoomEvent.newBuilder().setRoomHandle(9)));

        assertThat(events.unknownEvents()).isEqualTo(2);
    }

    @Test
    void survivesAnEventItCannotRead() {
        events.accept(new byte[] {1, 2, 3});

        assertThat(dropped).isEmpty();
    }

    @Test
    void survivesAListenerThatFails() {
        events.onAnswer(7, _ -> {
            throw new IllegalStateException("a listener's mistake");
        });
        accept(FfiEvent.newBuilder()
                .setConnect(ConnectCallback.newBuilder().setAsyncId(7).setError("no")));
        events.forgetAnswer(7);

        assertThat(dropped).isEmpty();
    }
}
