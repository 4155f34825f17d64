package dev.recaller.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * PostgreSQL's own programs run on one data folder. Answers only on 127.0.0.1, with passwords. PostgreSQL refuses to run as
 * root; started by root it gets a user namespace of its own, in which it is nobody.
 */
final class PostgresServer {

    static final String DATABASE = "recaller";

    private static final int MAJOR_VERSION = 18;
    private static final Duration START = Duration.ofMinutes(5);
    private static final int RETRIES = 20;

    private final Path binaries;
    private final Path data;
    private final Passwords passwords;

    PostgresServer(Path binaries, Path data, Passwords passwords) {
        this.binaries = binaries;
        this.data = data;
        this.passwords = passwords;
    }

    boolean isInitialized() {
        return Files.exists(data.resolve("PG_VERSION"));
    }

    /** Makes the data folder whole or not at all. */
    void initialize(List<String> settings, String... options) throws IOException, InterruptedException {
        Path unfinished = data.resolveSibling(data.getFileName() + ".new");
        PostgresBinaries.delete(unfinished);
        Path password = Files.createTempFile(data.getParent(), "password", "");
        try {
            Files.writeString(password, passwords.of(Passwords.ADMINISTRATOR));
            List<String> command = new ArrayList<>(List.of(
                    program("initdb"),
                    "--pgdata=" + unfinished,
                    "--username=" + Passwords.ADMINISTRATOR,
                    "--pwfile=" + password,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8"));
            command.addAll(List.of(options));
            run(command, START);
        } finally {
            Files.delete(password);
        }
        Path configuration = unfinished.resolve("postgresql.conf");
        List<String> lines = new ArrayList<>(Files.readAllLines(configuration));
        lines.addAll(settings);
        Files.write(configuration, lines);
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Starts detached from this process and waits until it answers. */
    void start(int port, Path log) throws IOException, InterruptedException {
        String version = Files.readString(data.resolve("PG_VERSION")).strip();
        if (!version.equals(Integer.toString(MAJOR_VERSION))) {
            throw DatabaseException.notReady("the data in " + data + " is of PostgreSQL " + version
                    + ", this program brings " + MAJOR_VERSION + ": dump it with the old one and restore it");
        }
        forgetStranger();
        for (int attempt = 1; ; attempt++) {
            try {
                run(
                        List.of(
                                program("pg_ctl"),
                                "start",
                                "--pgdata=" + data,
                                "--log=" + log,
                                "--wait",
                                "--timeout=" + START.toSeconds(),
                                "--options=-p " + port),
                        START.plusSeconds(10));
                return;
            } catch (UncheckedIOException e) {
                // Processes of a server that was killed let go of its memory a moment later.
                boolean leaving =
                        Files.exists(log) && Files.readString(log).contains("pre-existing shared memory block");
                if (!leaving || attempt == RETRIES) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(250);
            }
        }
    }

    void stop() throws IOException, InterruptedException {
        run(List.of(program("pg_ctl"), "stop", "--pgdata=" + data, "--mode=fast", "--wait"), START);
    }

    /** The process and port of the server that runs on this folder now, if one does. */
    Optional<Running> running() throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.size() < 4) {
            return Optional.empty();
        }
        int port = Integer.parseInt(lines.get(3).strip());
        return handle(lines).filter(PostgresServer::isPostgres).map(process -> new Running(process, port));
    }

    record Running(ProcessHandle process, int port) {}

    /** After a reboot the old server's process id may belong to somebody else, which PostgreSQL takes for itself. */
    private void forgetStranger() throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (Files.exists(file)
                && handle(Files.readAllLines(file))
                        .filter(process -> !isPostgres(process))
                        .isPresent()) {
            Files.delete(file);
        }
    }

    private static Optional<ProcessHandle> handle(List<String> lines) {
        return lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).filter(ProcessHandle::isAlive);
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> Path.of(command).getFileName().toString().startsWith("postgres"))
                .orElse(true);
    }

    /** Waits until the server answers; false when its process ends instead. */
    boolean answers(Running running) throws InterruptedException {
        for (long end = System.nanoTime() + START.toNanos(); running.process().isAlive() && System.nanoTime() < end; ) {
            try (Connection connection = connect(running.port(), "postgres")) {
                return connection.isValid(5);
            } catch (SQLException e) {
                // It is still starting, or recovering after a crash.
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        return false;
    }

    Connection connect(int port, String database) throws SQLException {
        DatabaseUrl url = DatabaseUrl.parse(url(Passwords.ADMINISTRATOR, port, database));
        return DriverManager.getConnection(url.jdbcUrl(), url.properties());
    }

    String url(String role, int port, String database) {
        return DatabaseUrl.of(role, passwords.of(role), port, database);
    }

    /** Roles and the database, unless they are there. */
    void furnish(int port) {
        try (Connection connection = connect(port, "postgres");
                Statement statement = connection.createStatement()) {
            if (!exists(statement, "select 1 from pg_database where datname = '" + DATABASE + "'")) {
                for (String role : List.of(Roles.OWNER, Roles.WORKER, Roles.READER)) {
                    statement.execute("drop role if exists " + role);
                    statement.execute(Roles.create(role) + " password '" + passwords.of(role) + "'");
                    statement.execute(Roles.searchPath(role));
                }
                // Last: whoever finds the database finds the roles.
                statement.execute("create database " + DATABASE + " owner " + Roles.OWNER);
            }
            for (String protection : protect(DATABASE)) {
                statement.execute(protection);
            }
        } catch (SQLException e) {
            throw DatabaseException.of(e);
        }
    }

    /** Nobody but Recaller's roles connects. */
    static List<String> protect(String database) {
        return List.of(
                "revoke all on database " + database + " from public",
                "grant connect on database " + database + " to " + Roles.WORKER + ", " + Roles.READER);
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet found = statement.executeQuery(query)) {
            return found.next();
        }
    }

    static int freePort(int wanted) throws IOException {
        try (var socket = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            if (wanted == 0) {
                throw e;
            }
            return freePort(0);
        }
    }

    String program(String name) {
        return binaries.resolve("bin").resolve(name).toString();
    }

    static List<String> asNobody(List<String> command) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return command;
        }
        List<String> wrapped = new ArrayList<>(List.of("unshare", "--user", "--"));
        wrapped.addAll(command);
        return wrapped;
    }

    private void run(List<String> command, Duration limit) throws IOException, InterruptedException {
        Path output = Files.createTempFile("recaller-postgres", ".log");
        try {
            Process process = builder(command).redirectOutput(output.toFile()).start();
            if (!process.waitFor(limit)) {
                process.destroyForcibly();
                throw new UncheckedIOException(new IOException(command.getFirst() + " did not end within " + limit));
            }
            if (process.exitValue() != 0) {
                String hint = "root".equals(System.getProperty("user.name"))
                        ? "\n(PostgreSQL cannot run as root; where `unshare --user` is refused, run Recaller as another"
                                + " user or set RECALLER_DATABASE_URL)"
                        : "";
                throw new UncheckedIOException(new IOException(command.getFirst() + " failed: "
                        + Files.readString(output).strip() + hint));
            }
        } finally {
            Files.delete(output);
        }
    }

    static ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(asNobody(command)).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }
}
