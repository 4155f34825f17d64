package dev.recaller.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The one server of this process that forgets: no fsync, a temporary folder, gone with the process however it ends. */
final class TemporaryServer {

    private static final String TEMPLATE = PostgresServer.DATABASE;

    /** Its input is a pipe from this process: when that ends, so does this process, and the server is killed. */
    private static final String UNTIL_INPUT_ENDS =
            "folder=$1; shift; \"$@\" & read -r _; kill -QUIT $!; wait $!; rm -rf \"$folder\"";

    private static final List<String> SETTINGS = List.of(
            "listen_addresses = '127.0.0.1'",
            "unix_socket_directories = ''",
            "fsync = off",
            "full_page_writes = off",
            "synchronous_commit = off",
            "max_connections = 200",
            "timezone = 'UTC'");

    private static @Nullable TemporaryServer instance;

    private final PostgresServer server;
    private final int port;
    private final AtomicInteger databases = new AtomicInteger();

    private TemporaryServer(PostgresServer server, int port) {
        this.server = server;
        this.port = port;
    }

    static synchronized TemporaryServer instance() {
        if (instance == null) {
            instance = start(Migrations.PACKED);
        }
        return instance;
    }

    /** With roles and a migrated database to copy. */
    static TemporaryServer start(String migrations) {
        TemporaryServer server = launch();
        server.server.furnish(server.port);
        Migrations.migrate(server.urls(TEMPLATE).owner(), migrations);
        return server;
    }

    /** With nothing in it. */
    static TemporaryServer launch() {
        try {
            Path binaries = PostgresBinaries.unpack(
                    Folders.ofEnvironment(System.getenv()).cache(), _ -> {});
            Path folder = Files.createTempDirectory("recaller-test-");
            Path data = folder.resolve("data");
            Path log = folder.resolve("server.log");
            var server = new PostgresServer(binaries, data, Passwords.random());
            server.initialize(SETTINGS, "--no-sync");
            int port = PostgresServer.freePort(0);
            List<String> command = new ArrayList<>(List.of("sh", "-c", UNTIL_INPUT_ENDS, "sh", folder.toString()));
            command.addAll(List.of(server.program("postgres"), "-D", data.toString(), "-p", Integer.toString(port)));
            Process process =
                    PostgresServer.builder(command).redirectOutput(log.toFile()).start();
            if (!server.answers(new PostgresServer.Running(process.toHandle(), port))) {
                throw new IOException(Files.readString(log));
            }
            return new TemporaryServer(server, port);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary PostgreSQL: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DatabaseException.notReady("interrupted while a temporary PostgreSQL started", e);
        }
    }

    String createDatabase() {
        return createDatabase(TEMPLATE);
    }

    String createDatabase(String template) {
        String name = "test_" + databases.incrementAndGet();
        administer("create database " + name + " template " + template + " owner " + Roles.OWNER);
        PostgresServer.protect(name).forEach(this::administer);
        return name;
    }

    void dropDatabase(String name) {
        administer("drop database if exists " + name + " with (force)");
    }

    String administratorUrl(String name) {
        return server.url(Passwords.ADMINISTRATOR, port, name);
    }

    EmbeddedDatabase.Urls urls(String name) {
        return new EmbeddedDatabase.Urls(
                server.url(Roles.OWNER, port, name),
                server.url(Roles.WORKER, port, name),
                server.url(Roles.READER, port, name));
    }

    void administer(String statement) {
        try (Connection connection = server.connect(port, "postgres");
                Statement run = connection.createStatement()) {
            run.execute(statement);
        } catch (SQLException e) {
            throw DatabaseException.of(e);
        }
    }
}
