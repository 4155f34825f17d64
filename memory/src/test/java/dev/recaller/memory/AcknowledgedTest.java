package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.sql.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing acknowledged is lost: kill -9 in the middle of 200 calls, on the durable database. */
final class AcknowledgedTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Folders folders;
    private Path acknowledged;

    @BeforeEach
    void folders() {
        folders = new Folders(
                folder.resolve("home"), Folders.ofEnvironment(System.getenv()).cache());
        acknowledged = folder.resolve("acknowledged");
    }

    @Test
    void aKilledProcessHasLostNothingItWasToldIsStored() throws Exception {
        Process talking = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyCalls.class.getName(),
                        folders.home().toString(),
                        folders.cache().toString(),
                        acknowledged.toString(),
                        "100000")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            awaitAcknowledged(5 * ManyCalls.CALLS);
        } finally {
            talking.destroyForcibly().waitFor();
        }

        try (EmbeddedDatabase embedded = EmbeddedDatabase.open(folders, _ -> {})) {
            List<String> rows = turns(embedded);
            List<String> told = Files.readAllLines(acknowledged);
            assertThat(rows).doesNotHaveDuplicates().containsAll(told);
            assertThat(told.stream().map(line -> line.split("\\|", -1)[0]).distinct())
                    .as("calls that were under way")
                    .hasSize(ManyCalls.CALLS);
            assertThat(rows.size() - told.size())
                    .as("stored, but killed before it was told")
                    .isBetween(0, ManyCalls.CALLS);
            assertEachCountedOnce(embedded);
        }
    }

    @Test
    void aKilledDatabaseHasLostNothingItAcknowledged() throws Exception {
        int turns = 8;
        try (EmbeddedDatabase embedded = EmbeddedDatabase.open(folders, _ -> {});
                Database database = Database.open(embedded.urls().worker())) {
            var memory = new UnifiedMemoryService(database, InstantSource.system(), null);
            var talking = new FutureTask<Void>(() -> {
                ManyCalls.talk(memory, acknowledged, turns);
                return null;
            });
            Thread.startVirtualThread(talking);
            for (int kill = 1; kill <= 2; kill++) {
                awaitAcknowledged(kill * turns * ManyCalls.CALLS / 4);
                Set<String> told = new HashSet<>(Files.readAllLines(acknowledged));
                killPostgres();
                assertThat(reopened(embedded))
                        .as("after the kill, before anything is said again")
                        .containsAll(told);
            }
            talking.get(LIMIT.toSeconds(), TimeUnit.SECONDS);

            assertThat(turns(embedded))
                    .hasSize(turns * ManyCalls.CALLS)
                    .containsExactlyInAnyOrderElementsOf(Files.readAllLines(acknowledged));
            assertEachCountedOnce(embedded);
        }
    }

    private void awaitAcknowledged(int atLeast) {
        await("so many turns that are stored")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Files.exists(acknowledged)
                        && Files.readAllLines(acknowledged).size() >= atLeast);
    }

    /** The postmaster first, so that nobody starts again what is killed after it. */
    private void killPostgres() throws IOException {
        Path pid = folders.home().resolve("postgres/data/postmaster.pid");
        ProcessHandle postmaster = ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(pid).getFirst().strip()))
                .orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(List.of(postmaster));
        postmaster.descendants().forEach(all::add);
        assertThat(all).as("the postmaster and its children").hasSizeGreaterThan(5);
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }

    /** It is started again by those who use it. */
    private static List<String> reopened(EmbeddedDatabase embedded) {
        return await("the database")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(() -> turns(embedded), rows -> !rows.isEmpty());
    }

    private static void assertEachCountedOnce(EmbeddedDatabase embedded) {
        assertThat(select(embedded, """
                        select m.phone_number, m.conversation_count, m.total_tokens - (
                          select sum(c.tokens) from memory_chunks c where c.memory_id = m.id and c.type = 'conversation')
                        from user_memory m"""))
                .hasSize(ManyCalls.CALLS)
                .allMatch(row -> row.endsWith("|1|0"), "one conversation, and the tokens of its turns");
    }

    private static List<String> turns(EmbeddedDatabase embedded) {
        return select(
                embedded,
                "select ('x' || right(call_id::text, 8))::bit(32)::int, turn, content from memory_chunks"
                        + " where type = 'conversation'");
    }

    private static List<String> select(EmbeddedDatabase embedded, String query) {
        try (Database reader = Database.open(embedded.urls().reader(), 1);
                Connection connection = reader.connection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(result.getString(1) + "|" + result.getString(2) + "|" + result.getString(3));
            }
            return rows;
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }
}
