package dev.recaller.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The durable server of one home, as one of the processes that use it sees it. */
final class SharedServer {

    private static final Logger LOG = LoggerFactory.getLogger(SharedServer.class);

    /** What is committed is on the disk, whatever happens next. */
    private static final Duration BETWEEN_REVIVALS = Duration.ofSeconds(5);

    private static final List<String> DURABLE = List.of(
            "listen_addresses = '127.0.0.1'",
            "unix_socket_directories = ''",
            "password_encryption = 'scram-sha-256'",
            "fsync = on",
            "full_page_writes = on",
            "synchronous_commit = on",
            "max_connections = 100",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            "log_error_verbosity = terse");

    private final Path folder;
    private final Path log;
    private final Path portFile;
    private final Consumer<String> progress;
    private final PostgresServer server;
    private final ServerLocks locks;
    private volatile boolean closed;

    SharedServer(Folders folders, Consumer<String> progress) throws IOException {
        this.progress = progress;
        folder = folders.home().resolve("postgres");
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        log = folder.resolve("server.log");
        portFile = folder.resolve("port");
        Path binaries = PostgresBinaries.unpack(folders.cache(), progress);
        locks = ServerLocks.open(folder);
        Passwords passwords = Passwords.in(folder.resolve("passwords"));
        server = new PostgresServer(binaries, folder.resolve("data"), passwords);
    }

    EmbeddedDatabase open() throws IOException, InterruptedException {
        try {
            locks.alone(() -> {
                int port = ensureRunning().port();
                server.furnish(port);
                Migrations.migrate(server.url(Roles.OWNER, port, PostgresServer.DATABASE));
                locks.use();
            });
        } catch (Throwable failure) {
            locks.close();
            throw failure;
        }
        int port = port();
        return new EmbeddedDatabase(
                new EmbeddedDatabase.Urls(url(Roles.OWNER, port), url(Roles.WORKER, port), url(Roles.READER, port)),
                this::close);
    }

    private String url(String role, int port) {
        return server.url(role, port, PostgresServer.DATABASE);
    }

    private int port() throws IOException {
        return Files.exists(portFile)
                ? Integer.parseInt(Files.readString(portFile).strip())
                : 0;
    }

    private PostgresServer.Running ensureRunning() throws IOException, InterruptedException {
        var running = server.running();
        if (running.isEmpty() || !server.answers(running.get())) {
            start();
            running = server.running();
        }
        PostgresServer.Running found = running.orElseThrow(() -> new IOException("it ended at once, see " + log));
        Thread.ofVirtual().name("recaller-postgres").start(() -> {
            found.process().onExit().join();
            revive();
        });
        return found;
    }

    private void start() throws IOException, InterruptedException {
        if (!server.isInitialized()) {
            progress.accept("Making the database in " + folder + " (once)");
            server.initialize(DURABLE);
        }
        int port = PostgresServer.freePort(port());
        Files.writeString(portFile, Integer.toString(port));
        server.start(port, log);
    }

    /** A disk that is full now may not be in a minute: it is tried until it works. */
    private void revive() {
        try {
            while (!closed && !revived()) {
                Thread.sleep(BETWEEN_REVIVALS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean revived() throws InterruptedException {
        LOG.warn("the embedded PostgreSQL ended; starting it again");
        try {
            locks.alone(() -> {
                if (!closed) {
                    ensureRunning();
                }
            });
            return true;
        } catch (IOException | UncheckedIOException | DatabaseException e) {
            LOG.error("the embedded PostgreSQL cannot be started again, see {}", log, e);
            return false;
        }
    }

    private void close() throws IOException, InterruptedException {
        closed = true;
        try (locks) {
            locks.alone(() -> {
                if (locks.leave() && server.running().isPresent()) {
                    server.stop();
                }
            });
        }
    }
}
