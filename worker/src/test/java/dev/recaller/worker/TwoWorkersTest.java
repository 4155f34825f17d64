package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.room.Rooms;
import dev.recaller.livekit.testing.FreePort;
import dev.recaller.livekit.testing.Installed;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.command.RecallerProcess;
import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.ControlException;
import dev.recaller.worker.speech.SoundsLike;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two workers as processes on one PostgreSQL, each with a control API: whichever is asked knows the calls of both. */
@Timeout(180)
final class TwoWorkersTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    static final LiveKitServerFixture liveKit = new LiveKitServerFixture();

    private static final String PATIENT = """
            { "schemaVersion": 1, "id": "patient", "version": 1, "name": "Patient", "start": "hello",
              "nodes": [
                { "id": "hello", "type": "say", "text": "Welcome to the garden center." },
                { "id": "hear", "type": "listen", "turns": { "silence": { "promptAfterMs": 60000, "maxPrompts": 1 } } },
                { "id": "bye", "type": "hangup" } ],
              "edges": [ { "from": "hello", "to": "hear" }, { "from": "hear", "to": "bye" } ] }
            """;

    @TempDir
    private static Path folder;

    @Test
    void aCallIsSeenAndSteeredThroughTheWorkerThatDoesNotHaveIt() throws Exception {
        try (var speech = RealSpeechServer.connect();
                var database = EmbeddedDatabase.temporary();
                var phones = Rooms.open(Installed.nativeLibrary(), message -> {});
                var has = new Steered(speech, database, "has");
                var phone = SimulatedPhone.dial(phones, liveKit.url(), "+14155550191")
                        .answered();
                var asked = new Steered(speech, database, "asked")) {
            String key = asked.operator();
            try (var there = has.client(key);
                    var here = asked.client(key)) {
                ControlClient.Call call = there.calls().getFirst();
                assertThat(call.worker()).as("it goes on where it is asked for").isNull();
                ControlClient.Call elsewhere = await().atMost(SOON)
                        .until(here::calls, calls -> !calls.isEmpty())
                        .getFirst();
                assertThat(elsewhere.id()).isEqualTo(call.id());
                assertThat(elsewhere.worker()).isEqualTo(has.url().toString());
                assertThat(elsewhere.answered()).isTrue();
                assertThat(refusal(() -> here.hangUp(call.id())).elsewhere()).contains(has.url());

                assertThat(asked.recaller(key, "calls", "say", call.id(), "The shop closes in five minutes."))
                        .contains("The caller heard it.");
                assertThat(speech.words(phone.heard())).is(SoundsLike.words("closes in five minutes"));
                assertThat(asked.recaller(key, "calls", "hangup", call.id())).contains("ends");
            }
            assertThat(phone.awaitHungUp(SOON)).isTrue();
        }
    }

    private static ControlException refusal(Runnable asking) {
        try {
            asking.run();
        } catch (ControlException e) {
            return e;
        }
        throw new AssertionError("it was not refused");
    }

    /** A worker that can be asked. */
    private static final class Steered implements AutoCloseable {
        private final int port = FreePort.tcp();
        private final Map<String, String> environment;
        private final WorkerProcess worker;

        Steered(RealSpeechServer speech, EmbeddedDatabase database, String name) throws Exception {
            environment = WorkerProcess.environment(liveKit, speech, folder.resolve(name));
            Path flow = Files.writeString(folder.resolve(name + ".json"), PATIENT);
            environment.put("RECALLER_FLOW", flow.toString());
            environment.put("RECALLER_DATABASE_URL", database.urls().worker());
            environment.put("RECALLER_DATABASE_OWNER_URL", database.urls().owner());
            environment.put("RECALLER_HASH_KEY", "0123456789abcdef0123456789abcdef");
            environment.put("RECALLER_CONTROL", "127.0.0.1:" + port);
            worker = WorkerProcess.start(environment, folder);
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + port);
        }

        ControlClient client(String key) throws Exception {
            return ControlClient.open("127.0.0.1", port, null, key);
        }

        /** What a command says that asks this worker by this key. */
        String recaller(String key, String... command) throws Exception {
            environment.put("RECALLER_SERVER", url().toString());
            environment.put("RECALLER_KEY", key);
            return RecallerProcess.run(environment, folder, "", command).ok().out();
        }

        /** A new key. */
        String operator() throws Exception {
            return RecallerProcess.run(environment, folder, "", "key", "create", "--role=operator")
                    .ok()
                    .out()
                    .strip();
        }

        @Override
        public void close() {
            worker.close();
        }
    }
}
