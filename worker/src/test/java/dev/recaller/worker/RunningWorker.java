package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.recaller.livekit.room.RoomStats;
import dev.recaller.livekit.testing.Installed;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.livekit.testing.SipStandIn;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.Configuration.Purpose;
import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.KeyText;
import dev.recaller.worker.store.ControlKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A worker of this process with a database and a data folder of its own, and telephones to call it. */
final class RunningWorker implements AutoCloseable {
    private final URI liveKit;
    private final EmbeddedDatabase database;
    private final FragileProxy speech;
    private final FragileProxy postgres;
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Set<String> expectedErrors = ConcurrentHashMap.newKeySet();
    private final Leaks leaks = new Leaks();
    private final RealSpeechServer real;
    private final Path home = Files.createTempDirectory("recaller-home-");
    private final Service service;
    private final Path flows;
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable Thread draining;

    private RunningWorker(URI liveKit, Path flow, URI speechServer) throws Exception {
        this.liveKit = liveKit;
        real = RealSpeechServer.connect();
        speech = new FragileProxy(speechServer);
        database = EmbeddedDatabase.temporary();
        postgres = new FragileProxy(URI.create(database.urls().worker()));
        flows = Files.createTempDirectory("recaller-flows-");
        Path served = Files.copy(flow, flows.resolve("served.json"));
        logged.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(logged);
        Map<String, String> environment = new HashMap<>(Map.of(
                "LIVEKIT_URL", liveKit.toString(),
                "LIVEKIT_API_KEY", LiveKitServerFixture.KEY,
                "LIVEKIT_API_SECRET", LiveKitServerFixture.SECRET,
                "OPENAI_BASE_URL", speech.url().toString(),
                "OPENAI_API_KEY", "local",
                "RECALLER_DATABASE_URL", postgres.url().toString(),
                "RECALLER_HOME", home.toString(),
                "RECALLER_FLOW", served.toString(),
                "RECALLER_LIVEKIT_FFI", Installed.nativeLibrary().toString(),
                "RECALLER_HTTP", "127.0.0.1:0"));
        environment.put("RECALLER_CONTROL", "127.0.0.1:0");
        environment.put("RECALLER_DRAIN_SECONDS", "20");
        environment.put("RECALLER_PROVIDERS", "spare");
        environment.put("SPARE_BASE_URL", real.url().toString());
        service = Service.start(Configuration.read(environment, Path.of(""), Purpose.WORKER));
        await("the worker's registration").atMost(Duration.ofSeconds(60)).until(this::ready);
    }

    /** Skips the test where there is no speech server; with CI=true that is a failure. */
    static RunningWorker start(LiveKitServerFixture liveKit) throws Exception {
        return start(liveKit, Path.of("../flows/front-desk.json"));
    }

    static RunningWorker start(LiveKitServerFixture liveKit, Path flow) throws Exception {
        return start(liveKit, flow, RealSpeechServer.at());
    }

    /** With this one for the speech server, or before it. */
    static RunningWorker start(LiveKitServerFixture liveKit, Path flow, URI speechServer) throws Exception {
        return new RunningWorker(liveKit.url(), flow, speechServer);
    }

    /** With a LiveKit server at this address that knows the key of {@link LiveKitServerFixture}. */
    static RunningWorker start(URI liveKit) throws Exception {
        return new RunningWorker(liveKit, Path.of("../flows/front-desk.json"), RealSpeechServer.at());
    }

    /** With a LiveKit server that has SIP. */
    static RunningWorker start(SipStandIn liveKit, Path flow) throws Exception {
        return new RunningWorker(liveKit.url(), flow, RealSpeechServer.at());
    }

    /** The worker's data folder. */
    Path home() {
        return home;
    }

    /** Of the control API. */
    int controlPort() {
        return service.controlPort();
    }

    /** A new key of the control API. */
    String key(String organizationId, String role) {
        var made = KeyText.make();
        try (var owner = Database.open(database.urls().owner(), 1)) {
            ControlKeys.in(owner)
                    .add(
                            new ControlKeys.Key(organizationId, made.id(), role, null, Instant.EPOCH, null, null),
                            made.hash());
        }
        leaks.secret(made.secret());
        return made.shown();
    }

    /** The control API, by a new key. */
    ControlClient control(String organizationId, String role) throws IOException {
        return ControlClient.open("127.0.0.1", controlPort(), null, key(organizationId, role));
    }

    /** Where the control API is, and a new key, for a program. */
    Map<String, String> controlSettings(String organizationId, String role) {
        return Map.of(
                "RECALLER_SERVER", "http://127.0.0.1:" + controlPort(), "RECALLER_KEY", key(organizationId, role));
    }

    /** The database as the worker's role has it. */
    Database database() {
        return Database.open(database.urls().worker(), 2);
    }

    SimulatedPhone phone(String from) throws InterruptedException {
        return SimulatedPhone.dial(service.rooms(), liveKit, from);
    }

    /** @param job metadata of the job */
    SimulatedPhone phone(String from, String job) throws InterruptedException {
        return phone(from, new SimulatedPhone.Told(job, "", Map.of()));
    }

    SimulatedPhone phone(String from, SimulatedPhone.Told told) throws InterruptedException {
        return SimulatedPhone.dial(service.rooms(), liveKit, from, told);
    }

    /** Rings in a room with this metadata, where no agent is sent to by itself. */
    SimulatedPhone phoneWithoutAgent(String from, String room) throws InterruptedException {
        return SimulatedPhone.dial(
                service.rooms(), liveKit, from, "nobody", new SimulatedPhone.Told("", room, Map.of()));
    }

    /** A telephone that is called, and rings. */
    SimulatedPhone called(SipStandIn.Called call) throws InterruptedException {
        return SimulatedPhone.called(service.rooms(), liveKit, call);
    }

    /** The database as the operator's role has it. */
    Database reader() {
        return Database.open(database.urls().reader(), 1);
    }

    /** Of /metrics, /health and /ready. */
    int httpPort() {
        return service.httpPort();
    }

    /** Puts a flow into the folder of flows, for jobs that name its file. */
    void addFlow(String file, String json) throws IOException {
        Path whole = Files.writeString(Files.createTempFile(home, "flow", ".new"), json);
        Files.move(whole, flows.resolve(file), StandardCopyOption.ATOMIC_MOVE); // the worker looks at any time
    }

    /** The speech server as the worker reaches it. */
    FragileProxy speech() {
        return speech;
    }

    /** PostgreSQL as the worker reaches it. */
    FragileProxy postgres() {
        return postgres;
    }

    /** Errors that begin so belong to what a test does; any other in the log fails {@link #close}. */
    void expectError(String beginning) {
        expectedErrors.add(beginning);
    }

    /** What was logged and begins so, in order. */
    List<String> logged(String beginning) {
        return List.copyOf(logged.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(message -> message.startsWith(beginning))
                .toList();
    }

    /** Of the worker and its telephones: a process has one native core. */
    RoomStats stats() {
        return service.rooms().stats();
    }

    short[] voice(String text) throws InterruptedException {
        return real.voice(text);
    }

    String words(short[] pcm16k) throws InterruptedException {
        return real.words(pcm16k);
    }

    boolean ready() {
        return get("/ready").statusCode() == 200;
    }

    String metrics() {
        return get("/metrics").body();
    }

    void awaitNoCalls() {
        await("the end of all calls").atMost(Duration.ofSeconds(60)).until(() -> activeCalls() == 0);
    }

    long activeCalls() {
        return (long) metrics()
                .lines()
                .filter(line -> line.startsWith("recaller_calls_active{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** Begins to stop as SIGTERM makes it; {@link #close} waits for the end of that. */
    void drain() {
        draining = Thread.startVirtualThread(service::close);
    }

    /** Rows in the tables of the memory, in all organizations. */
    long rowsOfMemory() throws Exception {
        return count("select (select count(*) from user_memory) + (select count(*) from memory_chunks)"
                + " + (select count(*) from entities) + (select count(*) from preferences)");
    }

    /** Rows of calls that ended, in all organizations. */
    long callsEnded() throws Exception {
        return count("select count(*) from calls where ended_at is not null");
    }

    /** How the call in this room ended, by its row. */
    Optional<String> endOf(String room) throws Exception {
        try (var reading = Database.open(database.urls().reader(), 1);
                var connection = reading.connection();
                var statement = connection.prepareStatement("select end_reason from calls where room = ?")) {
            statement.setString(1, room);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
            }
        }
    }

    /** How often this stands in the audits of all organizations. */
    long audited(String action) throws Exception {
        return count("select count(*) from audit where action = '" + action + "'");
    }

    private long count(String sql) throws Exception {
        try (var reading = reader();
                var connection = reading.connection();
                var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private HttpResponse<String> get(String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.httpPort() + path))
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Also fails when the log or the metrics told a number or a secret. */
    @Override
    public void close() {
        if (draining == null) {
            leaks.check("the metrics", metrics());
        }
        stopService();
        real.close();
        speech.close();
        postgres.close();
        database.close();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(logged);
        assertThat(List.copyOf(logged.list))
                .filteredOn(event -> event.getLevel() == Level.ERROR)
                .extracting(ILoggingEvent::getFormattedMessage)
                .allMatch(message -> expectedErrors.stream().anyMatch(message::startsWith));
        checkForLeaks();
    }

    /** Code that logs must not rely on the mask that is put on what is written. */
    private void checkForLeaks() {
        for (ILoggingEvent event : List.copyOf(logged.list)) {
            String thrown = event.getThrowableProxy() == null
                    ? ""
                    : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
            if (event.getLoggerName().startsWith("dev.recaller")) {
                leaks.check("the log of " + event.getLoggerName(), event.getFormattedMessage() + thrown);
            }
        }
    }

    private void stopService() {
        if (draining == null) {
            service.close();
            return;
        }
        try {
            draining.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
