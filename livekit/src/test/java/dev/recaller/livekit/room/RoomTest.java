package dev.recaller.livekit.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.LiveKitException.Code;
import dev.recaller.livekit.room.AudioIn.End;
import dev.recaller.livekit.room.AudioIn.Frame;
import dev.recaller.livekit.room.AudioIn.Nothing;
import dev.recaller.livekit.room.RoomEvent.AttributesChanged;
import dev.recaller.livekit.room.RoomEvent.AudioSubscribed;
import dev.recaller.livekit.room.RoomEvent.AudioUnsubscribed;
import dev.recaller.livekit.room.RoomEvent.Disconnected;
import dev.recaller.livekit.room.RoomEvent.DtmfReceived;
import dev.recaller.livekit.room.RoomEvent.LocalTrackSubscribed;
import dev.recaller.livekit.room.RoomEvent.ParticipantJoined;
import dev.recaller.livekit.room.RoomEvent.ParticipantLeft;
import dev.recaller.livekit.server.ApiKey;
import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.testing.Installed;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.livekit.testing.TestToken;
import dev.recaller.livekit.testing.Tone;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rooms and audio against a real server: "agent" is us, "caller" the other side, both by this library. */
final class RoomTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final LiveKitServerFixture server = new LiveKitServerFixture();

    private static Rooms rooms;
    private static LiveKitServer api;

    private final EventLog agentLog = new EventLog();
    private final EventLog callerLog = new EventLog();

    @BeforeAll
    static void open() {
        rooms = Rooms.open(Installed.nativeLibrary(), message -> {});
        api = new LiveKitServer(server.url(), new ApiKey(LiveKitServerFixture.KEY, LiveKitServerFixture.SECRET), LIMIT);
    }

    @AfterAll
    static void close() {
        rooms.close();
        api.close();
    }

    @AfterEach
    void everyHandleIsGivenBack() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            RoomStats stats = rooms.stats();
            assertThat(stats.roomsOpen()).isZero();
            assertThat(stats.handles().handlesDropped())
                    .isEqualTo(stats.handles().handlesOwned());
        });
        assertThat(rooms.stats().handles().handlesUnknown()).isZero();
        assertThat(rooms.stats().handles().unknownEvents()).isZero();
    }

    private Room agent(TestInfo test) throws InterruptedException {
        return rooms.connect(server.url(), TestToken.standard(roomName(test), "agent"), agentLog, LIMIT);
    }

    /** Publishes at once, as livekit-sip does; the server shows a silent newcomer to others only after 3 s. */
    private Room caller(TestInfo test, FrameSource source) throws InterruptedException {
        Room caller = rooms.connect(
                server.url(),
                TestToken.sip(roomName(test), "sip_1", Map.of("sip.callStatus", "ringing")),
                callerLog,
                LIMIT);
        caller.publishAudio(source);
        return caller;
    }

    private Room caller(TestInfo test) throws InterruptedException {
        return caller(test, _ -> false);
    }

    private static String roomName(TestInfo test) {
        return test.getTestMethod().orElseThrow().getName();
    }

    @Test
    void knowsTheMetadataItsRoomIsMadeWith(TestInfo test) throws Exception {
        String token =
                TestToken.sipWithAgent(roomName(test), "sip_1", Map.of(), "nobody", "", "{\"campaign\": \"spring\"}");
        try (Room caller = rooms.connect(server.url(), token, callerLog, LIMIT);
                Room agent = agent(test)) {
            assertThat(caller.metadata()).isEqualTo("{\"campaign\": \"spring\"}");
            assertThat(agent.metadata()).isEqualTo(caller.metadata());
        }
    }

    @Test
    void carriesAToneBothWays(TestInfo test) throws Exception {
        try (Room agent = agent(test);
                Room caller = caller(test, new Tone(1000))) {
            agent.publishAudio(new Tone(440));
            try (AudioIn atAgent = agent.listen(
                            agentLog.awaitFirst(AudioSubscribed.class).trackSid());
                    AudioIn atCaller = caller.listen(
                            callerLog.awaitFirst(AudioSubscribed.class).trackSid())) {
                short[] heardByAgent = listen(atAgent, 100);
                short[] heardByCaller = listen(atCaller, 100);

                assertThat(Tone.share(heardByAgent, AudioIn.SAMPLE_RATE, 1000)).isGreaterThan(0.9);
                assertThat(Tone.share(heardByCaller, AudioIn.SAMPLE_RATE, 440)).isGreaterThan(0.9);
                assertThat(Tone.level(heardByAgent)).isBetween(4000.0, 7000.0);
                assertThat(Tone.level(heardByCaller)).isBetween(4000.0, 7000.0);
            }
            agentLog.awaitFirst(LocalTrackSubscribed.class);
        }
    }

    @Test
    void sendsSilenceWithoutPauseWhenTheSourceStops(TestInfo test) throws Exception {
        var tone = new Tone(440);
        try (Room agent = agent(test);
                Room caller = caller(test)) {
            agent.publishAudio(tone);
            try (AudioIn atCaller =
                    caller.listen(callerLog.awaitFirst(AudioSubscribed.class).trackSid())) {
                listen(atCaller, 25);
                tone.stop();
                int given = tone.frames();

                int loud = 0;
                int silent = 0;
                while (silent < 50) {
                    if (Tone.level(frame(atCaller)) > 100) {
                        loud++;
                        silent = 0;
                    } else {
                        silent++;
                    }
                }

                assertThat(tone.frames()).isEqualTo(given);
                assertThat(loud).as("frames of 20 ms that were under way").isLessThan(25);
            }
        }
    }

    @Test
    void showsThoseWhoWereThereLikeThoseWhoComeLater(TestInfo test) throws Exception {
        try (Room _ = caller(test);
                Room agent = agent(test);
                Room late = rooms.connect(
                        server.url(), TestToken.sip(roomName(test), "sip_2", Map.of("a", "b")), _ -> {}, LIMIT)) {
            late.publishAudio(_ -> false);

            Participant wasThere = agentLog.awaitFirst(
                            ParticipantJoined.class,
                            event -> event.participant().identity().equals("sip_1"))
                    .participant();
            Participant came = agentLog.awaitFirst(
                            ParticipantJoined.class,
                            event -> event.participant().identity().equals("sip_2"))
                    .participant();

            assertThat(wasThere.kind()).isEqualTo(Participant.Kind.SIP);
            assertThat(wasThere.attributes()).containsExactly(Map.entry("sip.callStatus", "ringing"));
            assertThat(wasThere.name()).isEqualTo("name of sip_1");
            assertThat(wasThere.sid()).startsWith("PA_");
            assertThat(came.kind()).isEqualTo(Participant.Kind.SIP);
            assertThat(came.attributes()).containsExactly(Map.entry("a", "b"));
            agentLog.awaitFirst(AudioSubscribed.class, event -> event.participant() == wasThere);
            agentLog.awaitFirst(AudioSubscribed.class, event -> event.participant() == came);
            assertThat(agent.local().identity()).isEqualTo("agent");
            assertThat(agent.name()).isEqualTo(roomName(test));
            assertThat(agent.sid()).startsWith("RM_");
        }
    }

    @Test
    void tellsAttributesInTheOrderOfTheirChanges(TestInfo test) throws Exception {
        try (Room agent = agent(test);
                Room caller = caller(test)) {
            agentLog.awaitFirst(ParticipantJoined.class);
            for (String status : List.of("active", "automation", "hangup")) {
                caller.setAttributes(Map.of("sip.callStatus", status));
            }
            agentLog.awaitFirst(
                    AttributesChanged.class, event -> event.changed().containsValue("hangup"));

            assertThat(agentLog.all(AttributesChanged.class))
                    .extracting(event -> event.changed().get("sip.callStatus"))
                    .containsExactly("active", "automation", "hangup");
            assertThat(agentLog.awaitFirst(ParticipantJoined.class)
                            .participant()
                            .attributes())
                    .containsEntry("sip.callStatus", "hangup");
            callerLog.awaitFirst(AttributesChanged.class, event -> event.participant() == caller.local());
            assertThat(agent.sid()).isEqualTo(caller.sid());
        }
    }

    @Test
    void hearsKeys(TestInfo test) throws Exception {
        try (Room _ = agent(test);
                Room caller = caller(test)) {
            agentLog.awaitFirst(ParticipantJoined.class);
            caller.sendDtmf(1, "1");
            caller.sendDtmf(2, "2");
            caller.sendDtmf(11, "#");
            agentLog.awaitFirst(DtmfReceived.class, event -> event.code() == 11);

            assertThat(agentLog.all(DtmfReceived.class))
                    .extracting(DtmfReceived::digit)
                    .containsExactly("1", "2", "#");
            assertThat(agentLog.all(DtmfReceived.class))
                    .allMatch(event -> event.participant().identity().equals("sip_1"));
        }
    }

    @Test
    void tellsWhoLeftAndWhy(TestInfo test) throws Exception {
        try (Room agent = agent(test)) {
            Room caller = caller(test);
            AudioIn audio =
                    agent.listen(agentLog.awaitFirst(AudioSubscribed.class).trackSid());
            caller.close();

            ParticipantLeft left = agentLog.awaitFirst(ParticipantLeft.class);
            assertThat(left.reason()).isEqualTo(DisconnectReason.CLIENT_INITIATED);
            assertThat(left.participant())
                    .isSameAs(agentLog.awaitFirst(ParticipantJoined.class).participant());
            agentLog.awaitFirst(AudioUnsubscribed.class);
            awaitEnd(audio);
        }
    }

    @Test
    void tellsWhoWasPutOut(TestInfo test) throws Exception {
        try (Room _ = agent(test);
                Room _ = caller(test)) {
            agentLog.awaitFirst(ParticipantJoined.class);
            assertThat(api.participants(roomName(test))).containsExactlyInAnyOrder("agent", "sip_1");
            assertThat(api.removeParticipant(roomName(test), "sip_1")).isTrue();

            assertThat(agentLog.awaitFirst(ParticipantLeft.class).reason())
                    .isEqualTo(DisconnectReason.PARTICIPANT_REMOVED);
            assertThat(callerLog.awaitFirst(Disconnected.class).reason())
                    .isEqualTo(DisconnectReason.PARTICIPANT_REMOVED);
            assertThat(api.removeParticipant(roomName(test), "sip_1")).isFalse();
        }
    }

    @Test
    void endsOnceWhenTheRoomIsDeletedAndThenClosed(TestInfo test) throws Exception {
        Room agent = agent(test);
        try (Room _ = caller(test)) {
            AudioIn audio =
                    agent.listen(agentLog.awaitFirst(AudioSubscribed.class).trackSid());
            assertThat(api.deleteRoom(roomName(test))).isTrue();
            assertThat(agentLog.awaitFirst(Disconnected.class).reason()).isEqualTo(DisconnectReason.ROOM_DELETED);
            agent.close();
            agent.close();

            awaitEnd(audio);
            assertThat(agentLog.all(Disconnected.class)).hasSize(1);
            assertThat(agentLog.all().getLast()).isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void canBeClosedFromItsListenerAndByOthersAtOnce(TestInfo test) throws Exception {
        var room = new CompletableFuture<Room>();
        var closedInside = new CompletableFuture<Boolean>();
        Room agent = rooms.connect(
                server.url(),
                TestToken.standard(roomName(test), "agent"),
                event -> {
                    if (event instanceof ParticipantJoined) {
                        room.join().close();
                        closedInside.complete(true);
                    }
                    agentLog.on(event);
                },
                LIMIT);
        room.complete(agent);
        try (Room _ = caller(test)) {
            assertThat(closedInside.get(30, TimeUnit.SECONDS)).isTrue();
            agent.close();
            assertThat(agentLog.awaitFirst(Disconnected.class).reason()).isEqualTo(DisconnectReason.CLIENT_INITIATED);
        }
    }

    @Test
    void goesOnAfterAListenerHasFailed(TestInfo test) throws Exception {
        try (Room _ = rooms.connect(
                        server.url(),
                        TestToken.standard(roomName(test), "agent"),
                        event -> {
                            agentLog.on(event);
                            throw new IllegalStateException("a listener's mistake");
                        },
                        LIMIT);
                Room caller = caller(test)) {
            agentLog.awaitFirst(ParticipantJoined.class);
            caller.setAttributes(Map.of("sip.callStatus", "active"));
            agentLog.awaitFirst(AttributesChanged.class);
        }
    }

    @Test
    void leavesInOrderWhenItsThreadIsInterrupted(TestInfo test) throws Exception {
        Room agent = agent(test);
        var interrupted = new CompletableFuture<Boolean>();
        Thread.ofVirtual().start(() -> {
            Thread.currentThread().interrupt();
            agent.close();
            interrupted.complete(Thread.interrupted());
        });

        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        await().atMost(LIMIT).until(() -> api.participants(roomName(test)).isEmpty());
    }

    @Test
    void refusesWorkAfterTheEnd(TestInfo test) throws Exception {
        Room agent = agent(test);
        agent.close();

        assertFails(Code.ROOM_CLOSED, () -> agent.publishAudio(_ -> false));
        assertFails(Code.ROOM_CLOSED, () -> agent.setAttributes(Map.of("a", "b")));
        assertThat(agent.listen("TR_nowhere").next(Duration.ZERO)).isInstanceOf(End.class);
    }

    @Test
    void tellsThatAProcedureFailed(TestInfo test) throws Exception {
        try (Room agent = agent(test);
                Room _ = caller(test)) {
            agentLog.awaitFirst(ParticipantJoined.class);

            assertThatThrownBy(() -> agent.performRpc("sip_1", "lk.sip.EndCall", "{}", Duration.ofSeconds(5)))
                    .isInstanceOfSatisfying(
                            LiveKitException.class, e -> assertThat(e.code()).isEqualTo(Code.RPC_FAILED))
                    .hasMessageContaining("lk.sip.EndCall");
        }
    }

    @Test
    void saysWhereNoServerIs() {
        assertThatThrownBy(() -> rooms.connect(
                        URI.create("ws://127.0.0.1:1"), TestToken.standard("nowhere", "agent"), agentLog, LIMIT))
                .isInstanceOfSatisfying(
                        LiveKitException.class, e -> assertThat(e.code()).isEqualTo(Code.CONNECT_FAILED))
                .hasMessageContaining("ws://127.0.0.1:1");
    }

    @Test
    void saysThatATokenIsRefused() {
        assertThatThrownBy(() -> rooms.connect(server.url(), "no.token.atall", agentLog, LIMIT))
                .isInstanceOfSatisfying(
                        LiveKitException.class, e -> assertThat(e.code()).isEqualTo(Code.CONNECT_FAILED))
                .hasMessageContaining("401")
                .hasMessageNotContaining("no.token.atall");
    }

    @Test
    void leavesARoomThatWasJoinedTooLate(TestInfo test) throws Exception {
        long before = rooms.stats().handles().handlesOwned();
        assertThatThrownBy(() -> rooms.connect(
                        server.url(), TestToken.standard(roomName(test), "agent"), agentLog, Duration.ofMillis(1)))
                .isInstanceOfSatisfying(
                        LiveKitException.class, e -> assertThat(e.code()).isEqualTo(Code.TIMED_OUT));

        await("the late answer")
                .atMost(LIMIT)
                .until(() -> rooms.stats().handles().handlesOwned() > before);
        await().atMost(LIMIT).until(() -> api.participants(roomName(test)).isEmpty());
        assertThat(agentLog.all()).isEmpty();
    }

    private static void assertFails(Code code, org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        LiveKitException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /** Skips the silence of the first packets, then reads that many frames. */
    private static short[] listen(AudioIn audio, int frames) throws InterruptedException {
        var heard = new ArrayList<short[]>();
        while (heard.size() < frames) {
            short[] samples = frame(audio);
            if (!heard.isEmpty() || Tone.level(samples) > 3000) {
                heard.add(samples);
            }
        }
        short[] all = new short[frames * AudioIn.FRAME_SAMPLES];
        for (int i = 0; i < frames; i++) {
            System.arraycopy(heard.get(i), 0, all, i * AudioIn.FRAME_SAMPLES, AudioIn.FRAME_SAMPLES);
        }
        return all;
    }

    private static short[] frame(AudioIn audio) throws InterruptedException {
        return switch (audio.next(LIMIT)) {
            case Frame(short[] samples, long _) -> {
                assertThat(samples).hasSize(AudioIn.FRAME_SAMPLES);
                yield samples;
            }
            case Nothing _ -> throw new AssertionError("no audio for " + LIMIT);
            case End _ -> throw new AssertionError("the audio has ended");
        };
    }

    private static void awaitEnd(AudioIn audio) {
        await("the end of the audio").atMost(LIMIT).until(() -> audio.next(Duration.ZERO) instanceof End);
    }
}
