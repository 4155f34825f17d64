package dev.recaller.worker;

import static java.util.Objects.requireNonNull;

import dev.recaller.flow.engine.FlowRunner;
import dev.recaller.flow.node.FlowMemory;
import dev.recaller.livekit.agent.AgentConnection;
import dev.recaller.livekit.agent.AgentOptions;
import dev.recaller.livekit.ffi.FfiStats;
import dev.recaller.livekit.room.Rooms;
import dev.recaller.livekit.server.ApiKey;
import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.privacy.Erasure;
import dev.recaller.sql.Database;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.worker.call.AfterCalls;
import dev.recaller.worker.call.CallServices;
import dev.recaller.worker.call.HeldCalls;
import dev.recaller.worker.call.LiveCalls;
import dev.recaller.worker.call.TextServices;
import dev.recaller.worker.call.Tolls;
import dev.recaller.worker.caller.NumberHash;
import dev.recaller.worker.control.ControlListener;
import dev.recaller.worker.control.ControlParts;
import dev.recaller.worker.control.ControlServer;
import dev.recaller.worker.failover.FailOver;
import dev.recaller.worker.failover.MissedCalls;
import dev.recaller.worker.failover.Watch;
import dev.recaller.worker.recording.Recordings;
import dev.recaller.worker.speech.AudioFiles;
import dev.recaller.worker.speech.Phrases;
import dev.recaller.worker.speech.VoiceActivity;
import dev.recaller.worker.store.CallFlows;
import dev.recaller.worker.store.CallJournal;
import dev.recaller.worker.store.CallLeases;
import dev.recaller.worker.store.CallStore;
import dev.recaller.worker.store.CalledNumbers;
import dev.recaller.worker.store.ControlAudit;
import dev.recaller.worker.store.RecallListener;
import dev.recaller.worker.store.RecordingStore;
import dev.recaller.worker.telemetry.ControlMeters;
import dev.recaller.worker.telemetry.FlowMeters;
import dev.recaller.worker.telemetry.HttpServer;
import dev.recaller.worker.telemetry.Meters;
import dev.recaller.worker.telemetry.RecordingMeters;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The long-running worker, put together: {@link #start} opens every part in order, {@link #close} drains and closes them
 * in reverse. The only place that knows them all.
 */
public final class Service implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Service.class);
    private static final Duration FLOWS_EVERY = Duration.ofSeconds(2);
    /** Another flow than the organization's own is worse than a phone that rings a second longer. */
    private static final Duration FLOW_LIMIT = Duration.ofSeconds(2);

    /** As for the flow: another organization answering is worse still. */
    private static final Duration NUMBER_LIMIT = Duration.ofSeconds(1);

    /** The first of a process takes some two seconds longer than the third; of a hundred none is faster by more than a tenth. */
    private static final int REHEARSED_TURNS = 10;

    private static final Duration SERVER_LIMIT = Duration.ofSeconds(10);

    private static final Duration SETTINGS_EVERY = Duration.ofSeconds(2);

    private final Configuration configuration;
    private final Supplier<Configuration> settings;
    private final CurrentSecrets secrets;
    private final Parts parts = new Parts();
    private final Meters meters = new Meters();

    private volatile boolean panicked;
    private @Nullable Rooms rooms;
    private @Nullable Rehearsal rehearsal;
    private volatile @Nullable Worker worker;
    private volatile @Nullable AgentConnection agent;
    private volatile boolean stopping;
    private volatile Duration drain;
    private volatile @Nullable Reload reload;
    private int httpPort;
    private volatile @Nullable ControlServer control;

    private Service(Configuration configuration, Supplier<Configuration> settings) {
        this.configuration = configuration;
        this.settings = settings;
        secrets = new CurrentSecrets(configuration.secrets());
        drain = configuration.drain();
    }

    /**
     * Starts a worker that takes calls from when LiveKit knows it.
     *
     * @throws ConfigurationException when the default flow cannot run
     * @throws IOException when a port is taken or a file cannot be read
     */
    public static Service start(Configuration configuration) throws IOException, InterruptedException {
        return start(configuration, () -> configuration);
    }

    /**
     * As {@link #start(Configuration)}.
     *
     * @param settings reads them again, when their files change
     */
    public static Service start(Configuration configuration, Supplier<Configuration> settings)
            throws IOException, InterruptedException {
        var service = new Service(configuration, settings);
        try {
            service.open();
            return service;
        } catch (IOException | InterruptedException | RuntimeException e) {
            service.parts.close();
            throw e;
        }
    }

    /** Of /metrics, /health and /ready. */
    int httpPort() {
        return httpPort;
    }

    /** Of the control API; 0: there is none. */
    int controlPort() {
        ControlServer api = control;
        return api == null ? 0 : api.port();
    }

    /** Where others find the control API; null: nowhere. */
    private @Nullable URI controlReached() {
        ControlServer api = control;
        return api == null ? null : api.reached();
    }

    private void open() throws IOException, InterruptedException {
        var liveKit = requireNonNull(configuration.liveKit(), "LiveKit is checked to be configured");
        var library = requireNonNull(configuration.liveKitLibrary(), "the library is checked to be configured");
        var files = FlowFolder.open(configuration.flow(), log::error);

        // What takes long and needs no other part is opened at once, two at a time on the smallest machine.
        var model = parts.opened(MemoryModel.load(log::warn));
        var phrases = new Phrases(configuration.folders().home().resolve("phrases"));
        var warmUp = new WarmUp(
                configuration, meters, phrases, files.standard().flow().configuration());
        var asking = parts.opened(Opening.begin("providers", warmUp::providers));
        var listening = parts.opened(Opening.begin("voice-activity", VoiceActivity::load));
        var joining = parts.opened(Opening.begin("rooms", () -> Rooms.open(library, this::nativeCorePanicked)));
        var postgres = parts.opened(Postgres.open(configuration, log::info));
        Database database = parts.opened(postgres.forWork());
        var flows = new Flows(files, CallFlows.in(database, FLOW_LIMIT, log::warn));
        parts.opened(files.watch(FLOWS_EVERY));
        String hashKey = DataFolder.hashKey(configuration);
        var store = CallStore.in(database, meters::callRowLost);
        var memory = parts.opened(new UnifiedMemoryService(database, InstantSource.system(), hashKey, model.get()));

        var providers = asking.get();
        parts.opened(warmUp);
        var jobs = parts.opened(MemoryUpkeep.of(database, memory, providers, flows.standard(), meters));

        var live = new LiveCalls(InstantSource.system());
        var journal = CallJournal.in(database, meters::callStateLost);
        var outbound = parts.opened(Outbound.open(configuration, secrets));
        var erasure = new Erasure(database, InstantSource.system(), memory, new IdentityHash(hashKey));
        var recordings = parts.opened(Recordings.open(
                configuration.recordings(),
                configuration.folders().home().resolve("recordings-unfinished"),
                RecordingStore.in(database),
                new RecordingMeters(meters),
                InstantSource.system()));
        rooms = joining.get();
        var key = new ApiKey(liveKit.key(), liveKit.secret());
        var server = parts.opened(new LiveKitServer(liveKit.url(), key, SERVER_LIMIT));
        var sip = parts.opened(new LiveKitSip(liveKit.url(), key, SERVER_LIMIT));
        var runner = outbound.given(new FlowRunner(
                        FlowMemory.of(memory, identity -> erasure.erase(identity, "caller")),
                        providers.chat(),
                        new FlowMeters(meters)
                                .then(live.listener())
                                .then(parts.opened(RecallListener.in(database, InstantSource.system()))),
                        flows)
                .journal(journal));
        var voiceActivity = listening.get();
        var afterCalls = parts.opened(new AfterCalls(jobs));
        var ids = new TimeOrderedIds(InstantSource.system());
        var leases = CallLeases.in(database, UUID.randomUUID(), this::controlReached);
        var held = new HeldCalls(leases, meters);
        var services = new CallServices(
                rooms,
                server,
                sip,
                providers,
                voiceActivity,
                phrases,
                new AudioFiles(configuration.folders().home().resolve("audio")),
                memory,
                runner,
                afterCalls,
                live,
                recordings,
                store,
                held,
                new Tolls(configuration.destinations(), sip, ControlAudit.in(database, InstantSource.system())),
                meters,
                new NumberHash(hashKey),
                ids,
                InstantSource.system());
        warmUp.recall(memory);
        flows.warmUp(configuration.organizationId());
        var _ = journal.find(configuration.organizationId(), UUID.randomUUID());
        rehearsal = new Rehearsal(voiceActivity, memory, phrases);
        var failOver = new FailOver(liveKit.url(), server, leases, journal, afterCalls, meters);
        worker = new Worker(
                configuration.maxCalls(),
                new Choice(
                        flows,
                        CalledNumbers.in(database, NUMBER_LIMIT, log::warn),
                        services.numbers(),
                        configuration.organizationId()),
                failOver,
                services);
        var watch = parts.opened(new Watch(
                held, leases, worker::takeOver, new MissedCalls(server, configuration.agentName(), leases, meters)));
        if (panicked) {
            worker.closeToCalls();
        }
        var health = new WorkerHealth(
                database, providers::failing, worker::isClosedToCalls, this::registered, () -> panicked);
        // Before LiveKit knows us: a port that is taken must not cost a caller.
        var http = parts.opened(HttpServer.start(configuration.http(), meters, health));
        httpPort = http.port();
        var texts = new TextServices(flows, runner, memory, store, afterCalls, live, ids, InstantSource.system());
        control(new ControlParts(
                texts,
                leases,
                server,
                sip,
                database,
                new IdentityHash(hashKey),
                configuration.agentName(),
                configuration.destinations(),
                new ControlMeters(meters, List.of(ControlListener.Denied.values()))::denied,
                new Steering(worker, health, () -> stopping)));
        agent = parts.opened(AgentConnection.open(
                new AgentOptions(liveKit.url(), key, configuration.agentName(), Program.version()),
                worker::load,
                worker));
        measure(rooms, worker, agent);
        jobs.start();
        watch.start();
        reload = parts.opened(new Reload(configuration, settings, this::follow, SETTINGS_EVERY));
        log.info("metrics, health and readiness at port {}, control API at port {}", httpPort, controlPort());
    }

    private void control(ControlParts wanted) throws IOException {
        if (configuration.control() != null) {
            control = ControlServer.start(configuration.control(), wanted)
                    .map(parts::opened)
                    .orElse(null);
        }
    }

    /**
     * Speeds up the calls to come, for as long as there are none and it is not over; blocks for some seconds. Once, after
     * the start.
     */
    public void rehearse(BooleanSupplier over) throws InterruptedException {
        Worker takingCalls = requireNonNull(worker, "the service has started");
        requireNonNull(rehearsal, "the service has started")
                .run(REHEARSED_TURNS, () -> takingCalls.load() > 0 || over.getAsBoolean());
    }

    /** A process has one native core: telephones of a test join by the same. */
    Rooms rooms() {
        return requireNonNull(rooms, "the service has started");
    }

    private void measure(Rooms rooms, Worker takingCalls, AgentConnection connection) {
        meters.lateFrames(() -> rooms.stats().framesLate());
        meters.nativeHandles(() -> open(rooms.stats().handles()));
        meters.roomConnections(() -> rooms.stats().roomsOpen());
        meters.registrationUp(connection::registered);
        meters.workerLoad(takingCalls::load);
        meters.draining(takingCalls::isClosedToCalls);
    }

    private void follow(Configuration next) {
        secrets.use(next.secrets());
        drain = next.drain();
        if (worker != null) {
            worker.maxCalls(next.maxCalls());
        }
    }

    /** Reads the settings again, now. Any thread. */
    public void readSettings() {
        Reload reading = reload;
        if (reading != null) {
            reading.again();
        }
    }

    /** While it closes: calls that still go on are ended, with an apology. Returns at once; any thread. */
    public void hurry() {
        Worker ending = worker;
        if (ending != null) {
            ending.hurry();
        }
    }

    /** Takes no more calls, waits for those that go on, and closes everything. */
    @Override
    public void close() {
        if (agent != null && worker != null) {
            stopping = true;
            log.info("draining for up to {} s, {} calls go on", drain.toSeconds(), worker.callsGoingOn());
            worker.closeToCalls();
            try {
                worker.drain(drain);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        parts.close();
        log.info("stopped");
    }

    private boolean registered() {
        return agent != null && agent.registered();
    }

    private static long open(FfiStats handles) {
        return handles.handlesOwned() - handles.handlesDropped();
    }

    /** Only a new process helps: calls that still work may end, no other is taken, and /health says so. */
    private void nativeCorePanicked(String message) {
        log.error("the native core panicked, this worker takes no more calls and must be restarted: {}", message);
        panicked = true;
        if (worker != null) {
            worker.closeToCalls();
        }
    }
}
