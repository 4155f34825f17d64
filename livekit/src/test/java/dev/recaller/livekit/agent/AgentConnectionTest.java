package dev.recaller.livekit.agent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.recaller.livekit.room.AudioIn;
import dev.recaller.livekit.room.Room;
import dev.recaller.livekit.room.RoomEvent;
import dev.recaller.livekit.room.Rooms;
import dev.recaller.livekit.server.ApiKey;
import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.testing.Installed;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.livekit.testing.TestToken;
import dev.recaller.livekit.testing.Tone;
import io.livekit.server.AgentDispatchServiceClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** An agent worker against a real server. */
final class AgentConnectionTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ApiKey KEY = new ApiKey(LiveKitServerFixture.KEY, LiveKitServerFixture.SECRET);

    /** As the real ones, but for a test's patience. */
    private static final Timings QUICK = new Timings(
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofMillis(300),
            Duration.ofSeconds(5),
            Duration.ofMillis(20),
            Duration.ofMillis(50),
            Duration.ofMillis(300));

    @RegisterExtension
    static final LiveKitServerFixture server = new LiveKitServerFixture();

    private static LiveKitServer api;

    private final Worker worker = new Worker();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    /** Takes every job and keeps it. */
    private static final class Worker implements JobListener {
        final List<JobOffer> offers = new CopyOnWriteArrayList<>();
        final BlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
        final BlockingQueue<Job> terminated = new LinkedBlockingQueue<>();
        volatile double load;
        volatile JobAnswer answer = JobAnswer.ACCEPT;

        @Override
        public JobAnswer offered(JobOffer offer) {
            offers.add(offer);
            return answer;
        }

        @Override
        public void assigned(Job job) {
            jobs.add(job);
        }

        @Override
        public void released(JobOffer offer) {}

        @Override
        public void terminated(Job job) {
            terminated.add(job);
        }

        Job next() throws InterruptedException {
            return requireNonNull(jobs.poll(LIMIT.toSeconds(), TimeUnit.SECONDS), "no job came");
        }
    }

    @BeforeAll
    static void open() {
        api = new LiveKitServer(server.url(), KEY, LIMIT);
    }

    @BeforeEach
    void keepLog() {
        log.start();
        ((Logger) LoggerFactory.getLogger(AgentConnection.class)).addAppender(log);
    }

    @AfterEach
    void dropLog() {
        ((Logger) LoggerFactory.getLogger(AgentConnection.class)).detachAppender(log);
    }

    /** Each test has an agent name of its own, so that no job goes to another test's worker. */
    private AgentConnection connect(String agentName) {
        AgentConnection connection = open(server.url(), KEY, agentName);
        await("registration").atMost(LIMIT).until(connection::registered);
        return connection;
    }

    private AgentConnection open(URI url, ApiKey key, String agentName) {
        return AgentConnection.open(new AgentOptions(url, key, agentName, "1"), () -> worker.load, worker, QUICK);
    }

    /** What the server has written down about the end of a job. */
    private static List<String> endsOf(Job job) throws IOException {
        try (var lines = Files.lines(server.log())) {
            return lines.filter(line -> line.contains("job ended") && line.contains(job.id()))
                    .toList();
        }
    }

    private static void awaitSuccess(Job job) {
        await("the server's note of the end")
                .atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(endsOf(job)).singleElement().asString().contains("JS_SUCCESS"));
    }

    /** Only then does the server connect our participant with the job; up to 5 s after a registration. */
    private static void awaitKnown(String room) throws Exception {
        var client = AgentDispatchServiceClient.createClient(
                server.url().toString().replaceFirst("^ws", "http") + "/", KEY.key(), KEY.secret());
        await("the job in the dispatch")
                .atMost(LIMIT)
                .until(() -> requireNonNull(client.listDispatch(room).execute().body())
                                .getFirst()
                                .getState()
                                .getJobsCount()
                        == 1);
    }

    @Test
    void takesTheJobOfACallAndSpeaksInItsRoom() throws Exception {
        try (var _ = connect("speaker");
                var rooms = Rooms.open(Installed.nativeLibrary(), message -> {})) {
            var callerHears = new CompletableFuture<String>();
            Room caller = rooms.connect(
                    server.url(),
                    TestToken.sipWithAgent(
                            "call_1", "sip_1", Map.of("sip.callStatus", "ringing"), "speaker", "{\"flow\":\"f\"}"),
                    event -> {
                        if (event instanceof RoomEvent.AudioSubscribed(var _, String trackSid)) {
                            callerHears.complete(trackSid);
                        }
                    },
                    LIMIT);
            caller.publishAudio(_ -> false);

            Job job = worker.next();
            assertThat(job.roomName()).isEqualTo("call_1");
            assertThat(job.roomSid()).startsWith("RM_");
            assertThat(job.metadata()).isEqualTo("{\"flow\":\"f\"}");
            assertThat(worker.offers.getFirst().metadata()).isEqualTo(job.metadata());
            var sawCaller = new CompletableFuture<RoomEvent.ParticipantJoined>();
            try (Room agent = rooms.connect(
                    job.url(),
                    job.token(),
                    event -> {
                        if (event instanceof RoomEvent.ParticipantJoined joined) {
                            sawCaller.complete(joined);
                        }
                    },
                    LIMIT)) {
                agent.publishAudio(new Tone(440));
                job.running();
                AudioIn audio = caller.listen(callerHears.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
                await("the tone")
                        .atMost(LIMIT)
                        .until(() -> audio.next(LIMIT) instanceof AudioIn.Frame(short[] samples, long _)
                                && Tone.share(samples, AudioIn.SAMPLE_RATE, 440) > 0.9);

                assertThat(agent.local().identity()).isEqualTo(job.identity());
                assertThat(sawCaller
                                .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                                .participant()
                                .attributes())
                        .containsEntry("sip.callStatus", "ringing");
                awaitKnown("call_1");
                job.succeeded();
                job.failed("not any more");
                awaitSuccess(job);
            }
            caller.close();
            await("the room's end")
                    .atMost(LIMIT)
                    .until(() -> api.participants("call_1").isEmpty());
            awaitSuccess(job);
            assertThat(worker.terminated).isEmpty();
        }
    }

    @Test
    void hearsThatItsParticipantWasPutOut() throws Exception {
        try (var _ = connect("removed");
                var rooms = Rooms.open(Installed.nativeLibrary(), message -> {})) {
            api.createDispatch("room_removed", "removed", "");
            Job job = worker.next();
            Room agent = rooms.connect(job.url(), job.token(), _ -> {}, LIMIT);
            agent.publishAudio(_ -> false);
            awaitKnown("room_removed");
            assertThat(api.removeParticipant("room_removed", job.identity())).isTrue();

            assertThat(worker.terminated.poll(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isSameAs(job);
            agent.close();
        }
    }

    @Test
    void registersAgainWithARestartedServerAndTakesTheNextJob() throws Exception {
        try (var connection = connect("restart")) {
            api.createDispatch("room_before", "restart", "");
            Job before = worker.next();
            server.kill();
            await("loss").atMost(LIMIT).until(() -> !connection.registered());
            before.succeeded();
            server.start();
            await("registration").atMost(LIMIT).until(connection::registered);
            api.createDispatch("room_after", "restart", "");

            assertThat(worker.next().roomName()).isEqualTo("room_after");
            assertThat(connection.stats().registrations()).isEqualTo(2);
            assertThat(connection.stats().statusesLost()).isZero();
        }
    }

    @Test
    void noticesAServerThatStandsStill() {
        try (var connection = connect("frozen")) {
            server.freeze();
            await("loss").atMost(LIMIT).until(() -> !connection.registered());
            server.thaw();
            await("registration").atMost(LIMIT).until(connection::registered);

            assertThat(messages(Level.WARN)).anyMatch(message -> message.contains("pings"));
        }
    }

    @Test
    void getsNoOffersWhileFullOrDraining() throws Exception {
        worker.load = 1;
        try (var connection = connect("full")) {
            api.createDispatch("room_full", "full", "");
            await("a dispatch without agent").atMost(LIMIT).until(() -> failedDispatches("full") == 1);
            worker.load = 0.2;
            Job job = nextOfRepeatedDispatches("room_available", "full");
            assertThat(worker.offers).noneMatch(offer -> offer.roomName().equals("room_full"));

            connection.drain();
            int offersBefore = worker.offers.size();
            long failedBefore = failedDispatches("full");
            api.createDispatch("room_draining", "full", "");
            await("a dispatch without agent").atMost(LIMIT).until(() -> failedDispatches("full") > failedBefore);
            assertThat(worker.offers).hasSize(offersBefore);
            assertThat(connection.registered()).isTrue();
            job.succeeded();
            awaitSuccess(job);
        }
    }

    private static long failedDispatches(String agentName) throws IOException {
        try (var lines = Files.lines(server.log())) {
            return lines.filter(line -> line.contains("failed to send job request")
                            && line.contains("\"agentName\": \"" + agentName + "\""))
                    .count();
        }
    }

    /** A dispatch finds no agent until the server has heard that there is room again. */
    private Job nextOfRepeatedDispatches(String prefix, String agentName) {
        int[] attempt = {0};
        return await().atMost(LIMIT)
                .until(
                        () -> {
                            api.createDispatch(prefix + attempt[0]++, agentName, "");
                            return Optional.ofNullable(worker.jobs.poll(1, TimeUnit.SECONDS));
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void saysThatTheKeyIsWrongAndTriesOn() {
        try (var connection = open(server.url(), new ApiKey("devkey", "wrong"), "wrong-key")) {
            await().atMost(LIMIT).until(() -> !messages(Level.ERROR).isEmpty());

            assertThat(messages(Level.ERROR).getFirst())
                    .contains("401", server.url().toString(), "LIVEKIT_API_SECRET")
                    .doesNotContain("wrong\"");
            assertThat(connection.registered()).isFalse();
        }
    }

    @Test
    void saysThatTheUrlLeadsElsewhere() {
        try (var _ = open(server.url().resolve("/elsewhere"), KEY, "wrong-path")) {
            await().atMost(LIMIT).until(() -> !messages(Level.ERROR).isEmpty());

            assertThat(messages(Level.ERROR).getFirst()).contains("404", "/elsewhere/agent", "LIVEKIT_URL");
        }
    }

    @Test
    void triesForEverWhereNoServerIs() {
        try (var connection = open(URI.create("ws://127.0.0.1:1"), KEY, "nowhere")) {
            await().atMost(LIMIT).until(() -> !messages(Level.WARN).isEmpty());

            assertThat(messages(Level.WARN).getFirst()).contains("ws://127.0.0.1:1", "refused");
            assertThat(connection.registered()).isFalse();
        }
    }

    @Test
    void trustsNoServerWithACertificateThatNobodyVouchesFor(@TempDir Path folder) throws Exception {
        try (var impostor = selfSigned(folder)) {
            Thread.ofVirtual().start(() -> shakeHands(impostor));
            try (var connection = open(URI.create("wss://127.0.0.1:" + impostor.getLocalPort()), KEY, "impostor")) {
                await().atMost(LIMIT).until(() -> !messages(Level.WARN).isEmpty());

                assertThat(messages(Level.WARN).getFirst()).contains("wss://127.0.0.1", "certification path");
                assertThat(connection.registered()).isFalse();
            }
        }
    }

    private static SSLServerSocket selfSigned(Path folder) throws Exception {
        Path store = folder.resolve("keys.p12");
        new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storepass",
                        "password",
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start()
                .waitFor();
        var keys = KeyStore.getInstance(store.toFile(), "password".toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "password".toCharArray());
        var tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        return (SSLServerSocket)
                tls.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    private static void shakeHands(SSLServerSocket impostor) {
        while (!impostor.isClosed()) {
            try (var socket = impostor.accept()) {
                socket.getInputStream().read();
            } catch (IOException _) {
                // what the client thinks of us is the test's subject
            }
        }
    }

    @Test
    void isNotRegisteredAfterItsClose() throws Exception {
        AgentConnection connection = connect("closing");
        api.createDispatch("room_closing", "closing", "");
        Job job = worker.next();
        connection.close();
        connection.close();
        job.succeeded();
        connection.drain();

        await().atMost(LIMIT).until(() -> !connection.registered());
    }

    private List<String> messages(Level level) {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
