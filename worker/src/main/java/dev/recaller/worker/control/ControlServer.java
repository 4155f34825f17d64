package dev.recaller.worker.control;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control API at a port: a virtual thread a request. Beside it, without a key, gRPC's health service and reflection,
 * which tells what the published {@code .proto} files say.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ControlServer.class);

    private static final int MESSAGE_BYTES = 4 << 20;
    private static final int REQUESTS_A_CONNECTION = 100;
    private static final Duration CERTIFICATES_EVERY = Duration.ofSeconds(10);
    private static final Duration CLOSING = Duration.ofSeconds(3);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ControlApi api;
    private final @Nullable Certificates certificates;
    private final ControlSettings settings;
    private final Server server;

    private ControlServer(
            ControlSettings settings, ControlParts parts, Deadlines.Limits limits, Duration certificatesEvery)
            throws IOException {
        this.settings = settings;
        certificates = settings.tls() == null ? null : new Certificates(settings.tls(), certificatesEvery);
        ServerCredentials credentials =
                certificates == null ? InsecureServerCredentials.create() : certificates.credentials();
        api = new ControlApi(parts, limits);
        server = NettyServerBuilder.forAddress(settings.address(), credentials)
                .executor(threads)
                .maxInboundMessageSize(MESSAGE_BYTES)
                .maxConcurrentCallsPerConnection(REQUESTS_A_CONNECTION)
                .maxConnectionIdle(10, TimeUnit.MINUTES)
                .keepAliveTime(1, TimeUnit.MINUTES)
                .permitKeepAliveTime(20, TimeUnit.SECONDS)
                .addServices(api.services())
                .addService(new HealthStatusManager().getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance())
                .build();
    }

    /**
     * Serves from now on. Empty, with a warning in the log, where nobody asked for this address and it is taken.
     *
     * @throws IOException when the port is taken, or the certificates cannot be used
     */
    public static Optional<ControlServer> start(ControlSettings settings, ControlParts parts) throws IOException {
        try {
            return Optional.of(start(settings, parts, Deadlines.Limits.STANDARD, CERTIFICATES_EVERY));
        } catch (IOException e) {
            if (settings.asked()) {
                throw e;
            }
            log.warn(
                    "there is no control API: {} is taken; RECALLER_CONTROL names another address", settings.address());
            return Optional.empty();
        }
    }

    static ControlServer start(
            ControlSettings settings, ControlParts parts, Deadlines.Limits limits, Duration certificatesEvery)
            throws IOException {
        var control = new ControlServer(settings, parts, limits, certificatesEvery);
        try {
            control.server.start();
            return control;
        } catch (IOException e) {
            control.close();
            throw e;
        }
    }

    public int port() {
        return server.getPort();
    }

    /** By which others reach it; null: nobody told. */
    public @Nullable URI reached() {
        return settings.reached(port());
    }

    /** Ends what goes on: conversations in text end as calls do, requests that take longer are cut. */
    @Override
    public void close() {
        server.shutdown();
        api.close();
        try {
            if (!server.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                boolean _ = server.shutdownNow().awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
            }
            threads.shutdown();
            boolean _ = threads.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        if (certificates != null) {
            certificates.close();
        }
    }
}
