package dev.recaller.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedDatabaseTest {

    @TempDir
    private static Path home;

    private static Folders folders;

    @BeforeAll
    static void table() throws SQLException {
        folders = new Folders(home, Folders.ofEnvironment(System.getenv()).cache());
        try (EmbeddedDatabase embedded = open()) {
            new Statements(embedded.urls().owner()).run("create table said (what text)");
        }
        assertThat(postmaster()).isEmpty();
    }

    @Test
    void isDurableAndClosedToOthers() throws SQLException, IOException {
        try (EmbeddedDatabase embedded = open()) {
            var worker = new Statements(embedded.urls().worker());

            assertThat(worker.run("show fsync")).containsExactly("on");
            assertThat(worker.run("show synchronous_commit")).containsExactly("on");
            assertThat(worker.run("show full_page_writes")).containsExactly("on");
            assertThat(worker.run("show listen_addresses")).containsExactly("127.0.0.1");
            assertThat(Files.readAllLines(home.resolve("postgres/data/postmaster.pid"))
                            .get(4))
                    .as("folder of its socket")
                    .isEmpty();
            assertThat(worker.run("show password_encryption")).containsExactly("scram-sha-256");
            assertThat(new Statements(embedded.urls().worker().replaceFirst(":[0-9a-f]{32}@", ":wrong@"))
                            .state("select 1"))
                    .isEqualTo("28P01");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("postgres/passwords"))))
                    .isEqualTo("rw-------");
            assertThat(embedded.urls().toString()).doesNotContain("@");
        }
    }

    @Test
    void keepsItsDataAndStopsWithItsLastUser() throws SQLException, IOException {
        try (EmbeddedDatabase embedded = open()) {
            new Statements(embedded.urls().owner()).run("insert into said values ('kept')");
        }
        assertThat(postmaster()).isEmpty();
        List<String> progress = new ArrayList<>();
        try (EmbeddedDatabase embedded = EmbeddedDatabase.open(folders, progress::add)) {
            assertThat(new Statements(embedded.urls().owner()).run("select 1 from said where what = 'kept'"))
                    .hasSize(1);
            assertThat(progress).as("nothing takes long the second time").isEmpty();
        }
    }

    @Test
    void twoProcessesShareIt() throws SQLException, IOException {
        try (EmbeddedProcess other = EmbeddedProcess.start(folders)) {
            other.run("insert into said values ('by another')");
            try (EmbeddedDatabase embedded = open()) {
                assertThat(new Statements(embedded.urls().owner()).run("select 1 from said where what = 'by another'"))
                        .hasSize(1);
            }
            assertThat(postmaster()).as("the other still uses it").isPresent();
            assertThat(other.run("select count(*) from said where what = 'by another'"))
                    .isEqualTo("1");
        }
        assertThat(postmaster()).as("the last one stops it").isEmpty();
    }

    @Test
    void processesThatStartAtOnceFindOneServer() throws IOException, SQLException {
        try (EmbeddedProcess first = EmbeddedProcess.launch(folders);
                EmbeddedProcess second = EmbeddedProcess.launch(folders)) {
            first.ready();
            second.ready();
            first.run("insert into said values ('at once')");
            assertThat(second.run("select count(*) from said where what = 'at once'"))
                    .isEqualTo("1");
        }
        assertThat(postmaster()).isEmpty();
    }

    @Test
    void aKilledProcessLosesNothingAndLeavesTheServerToTheNext() throws Exception {
        EmbeddedProcess killed = EmbeddedProcess.start(folders);
        killed.run("insert into said values ('before the kill')");
        killed.kill();
        assertThat(postmaster()).isPresent();

        try (EmbeddedDatabase embedded = open()) {
            assertThat(new Statements(embedded.urls().owner()).run("select 1 from said where what = 'before the kill'"))
                    .hasSize(1);
        }
        assertThat(postmaster()).isEmpty();
    }

    @Test
    void processAndServerKilledTogetherLoseNothing() throws Exception {
        EmbeddedProcess killed = EmbeddedProcess.start(folders);
        killed.run("insert into said values ('before both')");
        ProcessHandle server = postmaster().orElseThrow();
        killed.kill();
        server.destroyForcibly();
        server.onExit().join();

        try (EmbeddedDatabase embedded = open()) {
            assertThat(new Statements(embedded.urls().owner()).run("select 1 from said where what = 'before both'"))
                    .hasSize(1);
        }
    }

    @Test
    void aServerThatDiesIsStartedAgainForThoseWhoUseIt() throws IOException {
        try (EmbeddedDatabase embedded = open();
                Database database = Database.open(embedded.urls().owner(), 2)) {
            database.transactions().run("a", tx -> tx.execute("insert into recaller.said values ('before its death')"));
            ProcessHandle server = postmaster().orElseThrow();
            server.destroyForcibly();
            server.onExit().join();

            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptionsInstanceOf(DatabaseException.class)
                    .until(() -> database.transactions()
                                    .<Integer>read(
                                            "a",
                                            tx -> tx.fetchSingle(
                                                            "select count(*) from recaller.said where what = 'before its death'")
                                                    .get(0, Integer.class))
                            == 1);
        }
    }

    @Test
    void anotherProgramsProcessIdIsNotTakenForTheServer() throws IOException, SQLException {
        Path pid = home.resolve("postgres/data/postmaster.pid");
        Files.writeString(
                pid, ProcessHandle.current().pid() + "\n" + home.resolve("postgres/data") + "\n1\n5432\n\n127.0.0.1\n");

        try (EmbeddedDatabase embedded = open()) {
            assertThat(new Statements(embedded.urls().owner()).run("select 1")).hasSize(1);
        }
    }

    @Test
    void anInterruptedFirstStartIsDoneAgain(@TempDir Path interrupted) throws IOException, SQLException {
        Files.createDirectories(interrupted.resolve("postgres/data.new/base"));
        Files.writeString(interrupted.resolve("postgres/data.new/PG_VERSION"), "18\n");
        Files.writeString(interrupted.resolve("postgres/passwords.new"), "half of");
        List<String> progress = new ArrayList<>();

        try (EmbeddedDatabase embedded =
                EmbeddedDatabase.open(new Folders(interrupted, folders.cache()), progress::add)) {
            assertThat(new Statements(embedded.urls().worker()).run("select count(*) from user_memory"))
                    .containsExactly("0");
        }
        assertThat(progress).hasSize(1);
        assertThat(interrupted.resolve("postgres/data.new")).doesNotExist();
    }

    @Test
    void dataOfAnotherVersionIsRefusedWithTheRemedy(@TempDir Path old) throws IOException {
        Files.createDirectories(old.resolve("postgres/data"));
        Files.writeString(old.resolve("postgres/data/PG_VERSION"), "17\n");

        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> EmbeddedDatabase.open(new Folders(old, folders.cache()), _ -> {}))
                .withMessageContaining("PostgreSQL 17")
                .withMessageContaining("dump");
    }

    @Test
    void oneProcessOpensItOnce() {
        try (EmbeddedDatabase embedded = open()) {
            assertThat(embedded.urls()).isNotNull();
            assertThatIllegalStateException()
                    .isThrownBy(EmbeddedDatabaseTest::open)
                    .withMessageContaining("already");
        }
    }

    @Test
    void homeAndCacheFollowTheEnvironment() {
        assertThat(Folders.ofEnvironment(Map.of("RECALLER_HOME", "/h", "RECALLER_CACHE", "/c")))
                .isEqualTo(new Folders(Path.of("/h"), Path.of("/c")));
        assertThat(Folders.ofEnvironment(Map.of("XDG_DATA_HOME", "/d", "XDG_CACHE_HOME", "/x")))
                .isEqualTo(new Folders(Path.of("/d/recaller"), Path.of("/x/recaller")));
    }

    private static EmbeddedDatabase open() {
        return EmbeddedDatabase.open(folders, _ -> {});
    }

    private static Optional<ProcessHandle> postmaster() {
        try {
            Path pid = home.resolve("postgres/data/postmaster.pid");
            return Files.exists(pid)
                    ? ProcessHandle.of(
                            Long.parseLong(Files.readAllLines(pid).getFirst().strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
