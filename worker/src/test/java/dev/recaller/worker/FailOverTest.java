package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.room.Rooms;
import dev.recaller.livekit.testing.Installed;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.speech.SoundsLike;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two workers as processes on one PostgreSQL, one of which is lost in a call. What counts is what the caller hears. */
final class FailOverTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    static final LiveKitServerFixture liveKit = new LiveKitServerFixture();

    @TempDir
    private static Path folder;

    private static EmbeddedDatabase database;
    private static RealSpeechServer speech;
    private static Rooms phones;

    private final List<WorkerProcess> workers = new ArrayList<>();

    @BeforeAll
    static void start() {
        speech = RealSpeechServer.connect();
        database = EmbeddedDatabase.temporary();
        phones = Rooms.open(Installed.nativeLibrary(), message -> {});
    }

    @AfterAll
    static void stop() {
        phones.close();
        database.close();
        speech.close();
    }

    @AfterEach
    void killAll() {
        for (WorkerProcess worker : workers) {
            worker.close();
        }
    }

    @Test
    void aCallThatRangWhenNoWorkerWasThereIsTakenAndGoesOnInAnotherWhenThatOneIsKilled() throws Exception {
        try (var phone = SimulatedPhone.dial(phones, liveKit.url(), "+14155550171")) {
            WorkerProcess first = worker();
            phone.answered().agentFinishes();
            assertThat(speech.words(phone.heard())).is(SoundsLike.words("who am I talking to"));
            phone.say(speech.voice("My name is John."));
            phone.agentFinishes();
            WorkerProcess second = worker();
            int before = phone.heard().length;
            List<String> answered = ask("select answered_at from calls where room like '%0171%'");

            first.kill();
            phone.agentFinishes();
            phone.say(speech.voice("I would like to order a chair."));
            phone.agentFinishes();

            assertThat(phone.awaitHungUp(SOON)).isTrue();
            short[] since = Arrays.copyOfRange(phone.heard(), before, phone.heard().length);
            assertThat(speech.words(since))
                    .is(SoundsLike.words("gone for a moment"))
                    .is(SoundsLike.words("noted that"))
                    .isNot(SoundsLike.words("front desk"));
            assertThat(second.metrics()).contains("recaller_calls_rescued_total{outcome=\"resumed\"} 1.0");
            assertThat(ask("select answered_at from calls where room like '%0171%'"))
                    .as("it was answered once")
                    .isEqualTo(answered);
        }
        await().atMost(SOON)
                .until(
                        () -> ask("select end_reason from calls where room like '%0171%'"),
                        List.of("agent_hangup")::equals);
        assertThat(ask("select count(*) from calls where answered_at > started_at and room like '%0171%'"))
                .containsExactly("1");
        assertThat(ask(
                        "select c.content from memory_chunks c join calls on calls.id = c.call_id where c.speaker = 'caller'"
                                + " and c.type = 'conversation' and room like '%0171%' order by said_at"))
                .as("both workers stored what was said to them")
                .hasSize(2)
                .last()
                .asString()
                .contains("chair");
        assertThat(ask("select call_id from call_leases")).isEmpty();
    }

    @Test
    void aWorkerThatWasOnlyFrozenLeavesTheCallToTheOneThatTookIt() throws Exception {
        WorkerProcess first = worker();
        try (var phone =
                SimulatedPhone.dial(phones, liveKit.url(), "+14155550172").answered()) {
            phone.agentFinishes();
            WorkerProcess second = worker();
            first.freeze();
            phone.agentFinishes();
            first.thaw();
            await("that it leaves")
                    .atMost(SOON)
                    .until(() -> first.metrics().contains("recaller_calls_rescued_total{outcome=\"lost\"} 1.0"));
            await().atMost(SOON).until(() -> first.metrics().contains("recaller_room_connections 0.0"));

            phone.say(speech.voice("My name is Mary."));
            phone.agentFinishes();

            assertThat(speech.words(phone.heard())).is(SoundsLike.words("nice to meet you"));
            assertThat(second.metrics()).contains("recaller_room_connections 1.0");
            phone.hangUp();
        }
        await().atMost(SOON)
                .until(
                        () -> ask("select end_reason from calls where room like '%0172%'"),
                        List.of("caller_hangup")::equals);
    }

    @Test
    void aWorkerThatAloneIsCutOffFromTheDatabaseLeavesTheCallToTheOneThatTookIt() throws Exception {
        try (var cut = new FragileProxy(URI.create(database.urls().worker()))) {
            WorkerProcess first = worker(cut.url().toString());
            try (var phone =
                    SimulatedPhone.dial(phones, liveKit.url(), "+14155550174").answered()) {
                phone.agentFinishes();
                WorkerProcess second = worker();
                cut.freeze();
                try {
                    phone.agentFinishes();
                    await("that it leaves")
                            .atMost(SOON)
                            .until(() -> first.metrics().contains("recaller_room_connections 0.0"));
                    phone.say(speech.voice("My name is Mary."));
                    phone.agentFinishes();

                    assertThat(speech.words(phone.heard())).is(SoundsLike.words("nice to meet you"));
                    assertThat(second.metrics()).contains("recaller_calls_rescued_total{outcome=\"resumed\"} 1.0");
                    phone.hangUp();
                } finally {
                    cut.thaw();
                }
            }
        }
        await().atMost(SOON)
                .until(
                        () -> ask("select end_reason from calls where room like '%0174%'"),
                        List.of("caller_hangup")::equals);
    }

    @Test
    void aCallWhoseCallerIsGoneTooIsEndedByTheNextWorker() throws Exception {
        WorkerProcess first = worker();
        try (var phone =
                SimulatedPhone.dial(phones, liveKit.url(), "+14155550173").answered()) {
            phone.agentFinishes();
            first.kill();
            phone.hangUp();
        }

        worker();

        await().atMost(SOON)
                .until(
                        () -> ask("select end_reason from calls where room like '%0173%'"),
                        List.of("worker_lost")::equals);
    }

    private WorkerProcess worker() throws Exception {
        return worker(database.urls().worker());
    }

    private WorkerProcess worker(String databaseUrl) throws Exception {
        Map<String, String> environment = WorkerProcess.environment(liveKit, speech, folder);
        environment.put("RECALLER_DATABASE_URL", databaseUrl);
        WorkerProcess worker = WorkerProcess.start(environment, folder);
        workers.add(worker);
        return worker;
    }

    private static List<String> ask(String sql) throws SQLException {
        try (Database reader = Database.open(database.urls().reader(), 1);
                Connection connection = reader.connection();
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(result.getString(1));
            }
            return rows;
        }
    }
}
