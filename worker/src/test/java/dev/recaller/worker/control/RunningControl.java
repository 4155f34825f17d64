package dev.recaller.worker.control;

import dev.recaller.flow.engine.FlowRunner;
import dev.recaller.flow.node.FlowMemory;
import dev.recaller.livekit.server.ApiKey;
import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.jobs.MemoryJobs;
import dev.recaller.memory.privacy.Erasure;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.worker.FlowFolder;
import dev.recaller.worker.Flows;
import dev.recaller.worker.call.AfterCalls;
import dev.recaller.worker.call.LiveCalls;
import dev.recaller.worker.call.TextServices;
import dev.recaller.worker.control.v1.CallsGrpc;
import dev.recaller.worker.control.v1.FlowsGrpc;
import dev.recaller.worker.control.v1.MemoriesGrpc;
import dev.recaller.worker.control.v1.WorkerControlGrpc;
import dev.recaller.worker.store.CallFlows;
import dev.recaller.worker.store.CallLeases;
import dev.recaller.worker.store.CallStore;
import dev.recaller.worker.store.ControlKeys;
import dev.recaller.worker.telephony.Destinations;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The control API of a worker without telephones: a PostgreSQL of its own, memory, flows and conversations in text. */
final class RunningControl implements AutoCloseable {

    static final String HASH_KEY = "a key of more than sixteen characters";

    private static final InstantSource CLOCK = InstantSource.system();

    final EmbeddedDatabase embedded = EmbeddedDatabase.temporary();
    final Database database = Database.open(embedded.urls().worker(), 10);
    final Database owner = Database.open(embedded.urls().owner(), 1);
    final UnifiedMemoryService memory = new UnifiedMemoryService(database, CLOCK, HASH_KEY, null);
    final LiveCalls live = new LiveCalls(CLOCK);
    final List<String> problems = new ArrayList<>();
    final List<ControlListener.Denied> denied = new CopyOnWriteArrayList<>();
    volatile boolean draining;

    private final AfterCalls afterCalls = new AfterCalls(
            new MemoryJobs(database, memory, _ -> _ -> Extraction.NOTHING, List.of(), CLOCK, (_, _, _) -> {}));
    private final LiveKitServer liveKit;
    private final LiveKitSip sip;
    private final ControlServer server;
    private final ManagedChannel channel;

    RunningControl() throws Exception {
        this(
                new ControlSettings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), true, null, null),
                Deadlines.Limits.STANDARD);
    }

    RunningControl(ControlSettings settings, Deadlines.Limits limits) throws Exception {
        var nowhere = URI.create("http://127.0.0.1:1");
        var key = new ApiKey("key", "a secret that is long enough for a signature");
        liveKit = new LiveKitServer(nowhere, key, Duration.ofSeconds(1));
        sip = new LiveKitSip(nowhere, key, Duration.ofSeconds(1));
        var hash = new IdentityHash(HASH_KEY);
        var erasure = new Erasure(database, CLOCK, memory, hash);
        var flows = new Flows(
                FlowFolder.open(Path.of("../flows/front-desk.json"), problems::add),
                CallFlows.in(database, Duration.ofSeconds(5), problems::add));
        var runner = new FlowRunner(
                FlowMemory.of(memory, identity -> erasure.erase(identity, "caller")), null, live.listener(), flows);
        var texts = new TextServices(
                flows,
                runner,
                memory,
                CallStore.in(database, () -> {}),
                afterCalls,
                live,
                new TimeOrderedIds(CLOCK),
                CLOCK);
        server = ControlServer.start(
                settings,
                new ControlParts(
                        texts,
                        CallLeases.in(database, UUID.randomUUID(), () -> null),
                        liveKit,
                        sip,
                        database,
                        hash,
                        "recaller",
                        Destinations.STANDARD,
                        denied::add,
                        new Steering()),
                limits,
                Duration.ofMillis(100));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
    }

    int port() {
        return server.port();
    }

    /** A new key. */
    String key(String organizationId, String role) {
        return key(organizationId, role, null);
    }

    String key(String organizationId, String role, @Nullable Instant expiresAt) {
        var made = KeyText.make();
        keys().add(
                        new ControlKeys.Key(
                                organizationId,
                                made.id(),
                                role,
                                null,
                                Instant.now().minusSeconds(60),
                                expiresAt,
                                null),
                        made.hash());
        return made.shown();
    }

    /** As the owner has them. */
    ControlKeys keys() {
        return ControlKeys.in(owner);
    }

    /** Without a key. */
    Channel channel() {
        return channel;
    }

    Channel channel(String key) {
        var headers = new Metadata();
        headers.put(Gate.AUTHORIZATION, "Bearer " + key);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    CallsGrpc.CallsBlockingStub calls(String key) {
        return CallsGrpc.newBlockingStub(channel(key));
    }

    MemoriesGrpc.MemoriesBlockingStub memories(String key) {
        return MemoriesGrpc.newBlockingStub(channel(key));
    }

    FlowsGrpc.FlowsBlockingStub flows(String key) {
        return FlowsGrpc.newBlockingStub(channel(key));
    }

    WorkerControlGrpc.WorkerControlBlockingStub worker(String key) {
        return WorkerControlGrpc.newBlockingStub(channel(key));
    }

    /** Rows, as the operator's role reads them. */
    List<String> rows(String sql) throws Exception {
        try (var reading = Database.open(embedded.urls().reader(), 1);
                var connection = reading.connection();
                var result = connection.createStatement().executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(Optional.ofNullable(result.getString(1)).orElse("null"));
            }
            return rows;
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
        afterCalls.close();
        memory.close();
        sip.close();
        liveKit.close();
        owner.close();
        database.close();
        embedded.close();
    }

    private final class Steering implements WorkerSteering {
        @Override
        public Status status() {
            return new Status("1", Instant.EPOCH, draining, 0, 20, draining ? 1 : 0, List.of());
        }

        @Override
        public void drain() {
            draining = true;
        }

        @Override
        public Undrained undrain() {
            draining = false;
            return Undrained.TAKES_CALLS;
        }
    }
}
