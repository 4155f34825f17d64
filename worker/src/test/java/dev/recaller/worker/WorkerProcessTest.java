package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.room.Rooms;
import dev.recaller.livekit.testing.Installed;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.worker.command.RecallerProcess;
import dev.recaller.worker.speech.SoundsLike;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
    private WorkerProcess worker;

    @BeforeEach
    void start() throws IOException {
        phones = Rooms.open(Installed.nativeLibrary(), message -> {});
        worker = WorkerProcess.start(environment(), folder);
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
        phones.close();
        speech.close();
    }

    @Test
    void letsACallEndBeforeItStopsAndTakesNoOther() throws Exception {
        try (var phone = SimulatedPhone.dial(phones, liveKit.url(), NUMBER).answered()) {
            phone.agentFinishes();
            worker.terminate();
            await("draining").atMost(Duration.ofSeconds(60)).until(() -> worker.ready() == 503);
            phone.say(speech.voice("My name is John."));
            phone.agentFinishes();
            assertThat(speech.words(phone.heard())).is(SoundsLike.words("nice to meet you"));
            assertThat(worker.isAlive()).isTrue();
            phone.hangUp();
        }
        assertThat(worker.end().exitCode()).isEqualTo(143);
        assertThat(greeting()).is(SoundsLike.words("hi john"));
    }

    @Test
    void apologizesToTheCallThatIsLeftWhenTheTimeToDrainIsOver() throws Exception {
        try (var phone = SimulatedPhone.dial(phones, liveKit.url(), NUMBER).answered()) {
            phone.agentFinishes();
            worker.terminate();
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
            worker.terminate();
            await("draining").atMost(Duration.ofSeconds(60)).until(() -> worker.ready() == 503);
            assertThat(worker.isAlive()).isTrue();
            worker.terminate();
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
            worker.kill();
        }
        assertThat(greeting()).is(SoundsLike.words("hi john"));
    }

    /** What the same caller hears in the next call, here in the console. */
    private String greeting() throws Exception {
        return RecallerProcess.run(environment(), folder, "", "console", "--from", NUMBER)
                .out();
    }

    private Map<String, String> environment() {
        return WorkerProcess.environment(liveKit, speech, folder);
    }
}
