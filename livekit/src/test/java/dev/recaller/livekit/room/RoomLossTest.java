package dev.recaller.livekit.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.room.RoomEvent.AudioSubscribed;
import dev.recaller.livekit.room.RoomEvent.ParticipantJoined;
import dev.recaller.livekit.room.RoomEvent.Reconnected;
import dev.recaller.livekit.room.RoomEvent.Reconnecting;
import dev.recaller.livekit.testing.Installed;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.livekit.testing.TestToken;
import dev.recaller.livekit.testing.Tone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a room loses, and what it must not lose. */
final class RoomLossTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int WARM_UP = 3;
    private static final int CALLS = 20;

    @RegisterExtension
    static final LiveKitServerFixture server = new LiveKitServerFixture();

    private static Rooms rooms;

    @BeforeAll
    static void open() {
        rooms = Rooms.open(Installed.nativeLibrary(), message -> {});
    }

    @AfterAll
    static void close() {
        rooms.close();
    }

    @Test
    void isBackWithItsAudioAfterTheServerHasCrashed() throws Exception {
        var agentLog = new EventLog();
        try (Room agent = rooms.connect(server.url(), TestToken.standard("crash", "agent"), agentLog, LIMIT);
                Room caller = rooms.connect(server.url(), TestToken.sip("crash", "sip_1", Map.of()), _ -> {}, LIMIT)) {
            agent.publishAudio(_ -> false);
            caller.publishAudio(new Tone(1000));
            String before = agentLog.awaitFirst(AudioSubscribed.class).trackSid();

            server.kill();
            agentLog.awaitFirst(Reconnecting.class);
            server.start();
            agentLog.awaitFirst(Reconnected.class);
            String after = agentLog.awaitFirst(
                            AudioSubscribed.class, event -> !event.trackSid().equals(before))
                    .trackSid();

            try (AudioIn audio = agent.listen(after)) {
                await("the tone")
                        .atMost(LIMIT)
                        .until(() -> audio.next(LIMIT) instanceof AudioIn.Frame(short[] samples, long _)
                                && Tone.share(samples, AudioIn.SAMPLE_RATE, 1000) > 0.9);
            }
            assertThat(agentLog.all(ParticipantJoined.class)).hasSizeBetween(1, 2);
        }
    }

    @Test
    void twentyRoomsLeaveNothingBehind() throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            shortCall("warm-" + i);
        }
        long openFilesBefore = openFiles();
        long threadsBefore = threads();
        for (int i = 0; i < CALLS; i++) {
            shortCall("short-" + i);
        }

        assertThat(rooms.stats().roomsOpen()).isZero();
        assertThat(rooms.stats().handles().handlesUnknown()).isZero();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            var handles = rooms.stats().handles();
            assertThat(handles.handlesDropped()).isEqualTo(handles.handlesOwned());
            assertThat(openFiles()).isLessThanOrEqualTo(openFilesBefore + 3);
            assertThat(threads()).isLessThanOrEqualTo(threadsBefore + 3);
        });
    }

    private static void shortCall(String name) throws InterruptedException {
        var agentLog = new EventLog();
        try (Room agent = rooms.connect(server.url(), TestToken.standard(name, "agent"), agentLog, LIMIT);
                Room caller = rooms.connect(server.url(), TestToken.sip(name, "sip_1", Map.of()), _ -> {}, LIMIT)) {
            agent.publishAudio(_ -> false);
            caller.publishAudio(new Tone(1000));
            AudioIn audio =
                    agent.listen(agentLog.awaitFirst(AudioSubscribed.class).trackSid());
            assertThat(audio.next(LIMIT)).isInstanceOf(AudioIn.Frame.class);
        }
    }

    private static long openFiles() {
        return entries(Path.of("/proc/self/fd"));
    }

    /** The process's, native ones included. */
    private static long threads() {
        return entries(Path.of("/proc/self/task"));
    }

    /** 0 where there is no such folder: the counts are compared on Linux only. */
    private static long entries(Path folder) {
        String[] names = folder.toFile().list();
        return Files.isDirectory(folder) ? Objects.requireNonNull(names).length : 0;
    }
}
