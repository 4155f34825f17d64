package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.room.Rooms;
import dev.recaller.livekit.testing.FreePort;
import dev.recaller.livekit.testing.Installed;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.worker.command.RecallerProcess;
import dev.recaller.worker.speech.SoundsLike;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The worker as a process of its own, with the embedded PostgreSQL: how it stops, and what it leaves when it is killed. */
final class WorkerProcessTest {
    private static final String NUMBER = "+14155550140";

    @RegisterExtension
    static final LiveKitServerFixture liveKit = new LiveKitServerFixture();

    @TempDir
    private Path folder;

    private final RealSpeechServer speech = RealSpeechServer.connect();
    private Rooms phones;
    private int port;
    private RecallerProcess worker;

    @BeforeEach
    void start() throws IOException {
        phones = Rooms.open(Installed.nativeLibrary(), message -> {});
        port = FreePort.tcp();
        worker = RecallerProcess.start(environment(), folder, "worker");
        await("the worker").atMost(Duration.ofSeconds(60)).until(() -> ready() == 200);
    }

    @AfterEach
    void stop() throws Exception {
        worker.process().destroyForcibly().waitFor();
        phones.close();
        speech.close();
    }

    @Test
    void letsACallEndBeforeItStopsAndTakesNoOther() throws Exception {
        try (var phone = SimulatedPhone.dial(phones, liveKit.url(), NUMBER).answered()) {
            phone.agentFinishes();
            worker.process().destroy();
            await("draining").atMost(Duration.ofSeconds(60)).until(() -> ready() == 503);
            phone.say(speech.voice("My name is John."));
            phone.agentFinishes();
            assertThat(speech.words(phone.heard())).is(SoundsLike.words("nice to meet you"));
            assertThat(worker.process().isAlive()).isTrue();
            phone.hangUp();
        }
        assertThat(worker.end().exitCode()).isEqualTo(143);
        assertThat(greeting()).is(SoundsLike.words("hi john"));
    }

    @Test
    void apologizesToTheCallThatIsLeftWhenTheTimeToDrainIsOver() throws Exception {
        try (var phone = SimulatedPhone.dial(phones, liveKit.url(), NUMBER).answered()) {
            phone.agentFinishes();
            worker.process().destroy();
            assertThat(phone.awaitHungUp(Duration.ofSeconds(30))).isTrue();
            assertThat(speech.words(phone.heard())).is(SoundsLike.words("something went wrong"));
        }
        assertThat(worker.end().exitCode()).isEqualTo(143);
    }

    @Test
    void toldToStopAgainItEndsTheCallWithAnApologyAndWhatWasSaidIsStored() throws Exception {
        try (var phone = SimulatedPhone.dial(phones, liveKit.url(), NUMBER).answered()) {
            phone.agentFinishes();
            phone.say(speech.voice("My name is John."));
            phone.agentFinishes();
            worker.process().destroy();
            await("draining").atMost(Duration.ofSeconds(60)).until(() -> ready() == 503);
            assertThat(worker.process().isAlive()).isTrue();
            worker.process().destroy();
            assertThat(phone.awaitHungUp(Duration.ofSeconds(10))).isTrue();
            assertThat(speech.words(phone.heard())).is(SoundsLike.words("something went wrong"));
        }
        assertThat(worker.end().exitCode()).isEqualTo(143);
        assertThat(greeting()).is(SoundsLike.words("hi john"));
    }

    @Test
    void losesNothingItHasStoredWhenItIsKilled() throws Exception {
        try (var phone = SimulatedPhone.dial(phones, liveKit.url(), NUMBER).answered()) {
            phone.agentFinishes();
            phone.say(speech.voice("My name is John."));
            phone.agentFinishes();
            worker.process().destroyForcibly().waitFor();
        }
        assertThat(greeting()).is(SoundsLike.words("hi john"));
    }

    /** What the same caller hears in the next call, here in the console. */
    private String greeting() throws Exception {
        return RecallerProcess.run(environment(), folder, "", "console", "--from", NUMBER)
                .out();
    }

    private Map<String, String> environment() {
        var environment = new HashMap<>(speech.environment());
        environment.putAll(Map.of(
                "LIVEKIT_URL",
                liveKit.url().toString(),
                "LIVEKIT_API_KEY",
                LiveKitServerFixture.KEY,
                "LIVEKIT_API_SECRET",
                LiveKitServerFixture.SECRET,
                "RECALLER_HOME",
                folder.resolve("home").toString(),
                "RECALLER_FLOW",
                Path.of("../flows/front-desk.json").toAbsolutePath().toString(),
                "RECALLER_LIVEKIT_FFI",
                Installed.nativeLibrary().toString(),
                "RECALLER_DRAIN_SECONDS",
                "12",
                "RECALLER_HTTP",
                "127.0.0.1:" + port));
        return environment;
    }

    /** Status of /ready; 0 while nobody listens. */
    private int ready() throws InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ready"))
                                    .timeout(Duration.ofSeconds(30))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        }
    }
}
