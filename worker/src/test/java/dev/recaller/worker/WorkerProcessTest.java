package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.room.Rooms;
import dev.recaller.livekit.testing.FreePort;
import dev.recaller.livekit.testing.Installed;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.worker.command.RecallerProcess;
import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.ControlException;
import dev.recaller.worker.speech.SoundsLike;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The worker as a process of its own, with the embedded PostgreSQL: how it stops, and what it leaves when it is killed. */
final class WorkerProcessTest {
    private static final String NUMBER = "+14155550140";

    private static final String HASH_KEY = "4d1f0c5e7a2b98630f1e2d3c4b5a6978";

    @RegisterExtension
    static final LiveKitServerFixture liveKit = new LiveKitServerFixture();

    @TempDir
    private Path folder;

    private final RealSpeechServer speech = RealSpeechServer.connect();
    private Rooms phones;
    private final Leaks leaks = new Leaks();
    private final int controlPort = FreePort.tcp();
    private WorkerProcess worker;

    @BeforeEach
    void start() throws IOException {
        leaks.secret(HASH_KEY);
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
            worker.readSettings();
            checkAnswers();
            worker.terminate();
            await("draining").atMost(Duration.ofSeconds(60)).until(() -> worker.ready() == 503);
            phone.say(speech.voice("My name is John."));
            phone.agentFinishes();
            assertThat(speech.words(phone.heard())).is(SoundsLike.words("nice to meet you"));
            assertThat(worker.isAlive()).isTrue();
            phone.hangUp();
        }
        var ended = worker.end();
        assertThat(ended.exitCode()).isEqualTo(143);
        assertThat(ended.err()).contains("settings read again").contains("call ended");
        leaks.check("the log", ended.out() + ended.err());
        assertThat(greeting()).is(SoundsLike.words("hi john"));
    }

    /** What the worker tells while a call goes on: metrics, and the control API to who asks wrongly. */
    private void checkAnswers() throws Exception {
        leaks.check("the metrics", worker.metrics());
        String key = RecallerProcess.run(environment(), folder, "", "key", "create", "--role", "operator")
                .ok()
                .out()
                .strip();
        leaks.secret(key.substring(key.lastIndexOf('_') + 1));
        try (var control = ControlClient.open("127.0.0.1", controlPort, null, key);
                var stranger = ControlClient.open("127.0.0.1", controlPort, null, key + "x")) {
            assertThat(control.calls()).hasSize(1);
            String call = control.calls().getFirst().id();
            for (ThrowingCallable asked : List.<ThrowingCallable>of(
                    () -> control.dial("+19005550123", "", "", "", Map.of(), Map.of()),
                    () -> control.dial(NUMBER + NUMBER, "", "", "", Map.of("phoneNumber", NUMBER + "x"), Map.of()),
                    () -> control.join("call_" + NUMBER, "", Map.of(), Map.of()),
                    stranger::calls)) {
                leaks.check("an answer", String.valueOf(catchThrowableOfType(ControlException.class, asked)));
            }
            leaks.check("an answer", control.transfer(call, "+19005550123").message());
        }
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
        var environment = WorkerProcess.environment(liveKit, speech, folder);
        environment.put("RECALLER_CONTROL", "127.0.0.1:" + controlPort);
        environment.put("RECALLER_HASH_KEY", HASH_KEY);
        return environment;
    }
}
