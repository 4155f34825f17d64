package dev.recaller.livekit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.LiveKitException.Code;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import java.net.URI;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LiveKitServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final ApiKey KEY = new ApiKey(LiveKitServerFixture.KEY, LiveKitServerFixture.SECRET);

    @RegisterExtension
    static final LiveKitServerFixture server = new LiveKitServerFixture();

    @Test
    void knowsNothingOfARoomThatIsNotThere() {
        try (var api = new LiveKitServer(server.url(), KEY, LIMIT)) {
            assertThat(api.deleteRoom("nowhere")).isFalse();
            assertThat(api.removeParticipant("nowhere", "nobody")).isFalse();
            assertThat(api.participants("nowhere")).isEmpty();
        }
    }

    @Test
    void makesTheRoomThatAnAgentIsSentTo() {
        try (var api = new LiveKitServer(server.url(), KEY, LIMIT)) {
            assertThat(api.createDispatch("made", "nobody", "{}")).startsWith("AD_");
            assertThat(api.deleteRoom("made")).isTrue();
            assertThat(api.deleteRoom("made")).isFalse();
        }
    }

    @Test
    void saysThatTheKeyIsWrong() {
        try (var api = new LiveKitServer(server.url(), new ApiKey("devkey", "another secret"), LIMIT)) {
            assertFails(Code.SERVER_UNAUTHORIZED, "LIVEKIT_API_SECRET", () -> api.deleteRoom("any"));
        }
    }

    @Test
    void saysThatThePathLeadsNowhere() {
        try (var api = new LiveKitServer(server.url().resolve("/elsewhere/"), KEY, LIMIT)) {
            assertFails(Code.SERVER_REFUSED, "/elsewhere", () -> api.deleteRoom("any"));
        }
    }

    @Test
    void saysWhereNoServerIs() {
        try (var api = new LiveKitServer(URI.create("ws://127.0.0.1:1"), KEY, LIMIT)) {
            assertFails(Code.SERVER_UNREACHABLE, "127.0.0.1:1", () -> api.deleteRoom("any"));
        }
    }

    @Test
    void doesNotWaitForAServerThatStandsStill() {
        server.freeze();
        try (var api = new LiveKitServer(server.url(), KEY, Duration.ofMillis(300))) {
            assertFails(Code.SERVER_UNREACHABLE, "DeleteRoom", () -> api.deleteRoom("any"));
        } finally {
            server.thaw();
        }
    }

    @Test
    void neverShowsTheSecret() {
        assertThat(KEY).hasToString("ApiKey[key=devkey]");
        assertThatThrownBy(() -> new ApiKey("devkey", " ")).hasMessageContaining("LIVEKIT_API_SECRET");
    }

    private static void assertFails(Code code, String part, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        LiveKitException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(part);
    }
}
