package dev.recaller.livekit.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A livekit-server of its own on free loopback ports. As a static {@code @RegisterExtension} it lives as long as the
 * test class; the tests are skipped where there is none (see {@link Installed}). Its log stays in {@code target}.
 */
public final class LiveKitServerFixture implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
    public static final String KEY = "devkey";
    public static final String SECRET = "a-secret-for-tests-on-loopback-only-0123456789";

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final int port;
    private final Path folder;
    private @Nullable Process process;

    public LiveKitServerFixture() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        port = FreePort.tcp();
        try {
            folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "livekit-server")), "")
                    .toAbsolutePath();
            Files.writeString(
                    folder.resolve("config.yaml"), """
                    port: %d
                    bind_addresses: ["127.0.0.1"]
                    rtc:
                      tcp_port: %d
                      udp_port: %d
                      node_ip: 127.0.0.1
                      use_external_ip: false
                      enable_loopback_candidate: true
                      interfaces:
                        includes: [lo]
                    keys:
                      %s: %s
                    room:
                      departure_timeout: 1
                      empty_timeout: 20
                    logging:
                      level: info
                    """.formatted(port, FreePort.tcp(), FreePort.udp(), KEY, SECRET));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    /** Returns when the server answers. After {@link #stop} it starts again on the same ports. */
    public void start() {
        try {
            process = new ProcessBuilder(
                            Installed.liveKitServer().toString(),
                            "--config",
                            folder.resolve("config.yaml").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await("livekit-server, log in " + log())
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(this::answers);
    }

    /** Ends the server the hard way, as a crash would. */
    public void kill() {
        end(true);
    }

    /** Ends the server in an orderly way. */
    public void stop() {
        end(false);
    }

    /** Stops the server's process without ending it: its connections stay open and silent until {@link #thaw}. */
    public void freeze() {
        signal("STOP");
    }

    public void thaw() {
        signal("CONT");
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }

    public URI url() {
        return URI.create("ws://127.0.0.1:" + port);
    }

    public Path log() {
        return folder.resolve("log");
    }

    private boolean answers() {
        Process running = process;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException("livekit-server ended at once; see " + log());
        }
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(LOOPBACK, port), 100);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void end(boolean hard) {
        Process running = process;
        if (running == null) {
            return;
        }
        process = null;
        try {
            if (hard) {
                running.destroyForcibly();
            } else {
                running.destroy();
            }
            if (!running.waitFor(10, TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void signal(String name) {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("livekit-server is not running");
        }
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(running.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
