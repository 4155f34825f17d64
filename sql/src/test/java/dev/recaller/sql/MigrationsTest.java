package dev.recaller.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.recaller.sql.schema.Recaller;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.TableOptions.TableType;
import org.junit.jupiter.api.Test;

final class MigrationsTest {

    private final TemporaryServer server = TemporaryServer.instance();

    @Test
    void migratingAgainChangesNothing() throws SQLException {
        String name = server.createDatabase("template1");
        String url = server.urls(name).owner();

        assertThat(Migrations.migrate(url).state()).isEqualTo(Migrations.State.CURRENT);
        var history = new Statements(url).run("select * from recaller.flyway_schema_history");
        assertThat(Migrations.migrate(url).state()).isEqualTo(Migrations.State.CURRENT);

        assertThat(new Statements(url).run("select * from recaller.flyway_schema_history"))
                .isEqualTo(history);
        server.dropDatabase(name);
    }

    @Test
    void theStatusNamesEachMigrationAndWhetherItRan() throws SQLException {
        String name = server.createDatabase();
        String owner = server.urls(name).owner();
        var current = Migrations.status(server.urls(name).worker());
        assertThat(current.state()).isEqualTo(Migrations.State.CURRENT);
        assertThat(current.steps()).isNotEmpty().allSatisfy(step -> {
            assertThat(step.known()).isTrue();
            assertThat(step.at()).isNotNull();
        });
        assertThat(current.steps().getFirst().description()).isEqualTo("memory");

        int last = current.needed();
        new Statements(owner).run("delete from recaller.flyway_schema_history where version = '" + last + "'");
        var older = Migrations.status(owner);
        assertThat(older.state()).isEqualTo(Migrations.State.OLD);
        assertThat(older.found()).isEqualTo(last - 1);
        assertThat(older.steps().getLast().at()).isNull();
        server.dropDatabase(name);
    }

    @Test
    void migratingGivesWayToWorkersThatWrite() throws Exception {
        String name = server.createDatabase();
        String owner = server.urls(name).owner();
        Path migrations = Files.createTempDirectory("recaller-migrations-");
        try (Stream<Path> packed = Files.list(Path.of("migrations"))) {
            for (Path file : packed.toList()) {
                Files.copy(file, migrations.resolve(file.getFileName()));
            }
        }
        Files.writeString(
                migrations.resolve("V9000__later.sql"), "alter table recaller.memory_chunks add column later text");
        DatabaseUrl url = DatabaseUrl.parse(owner);
        String write = "lock table recaller.memory_chunks in row exclusive mode"; // as every insert does
        try (var call = DriverManager.getConnection(url.jdbcUrl(), url.properties())) {
            call.setAutoCommit(false);
            try (var statement = call.createStatement()) {
                statement.execute(write);
            }
            var migrating = CompletableFuture.runAsync(() -> Migrations.migrate(owner, "filesystem:" + migrations));
            await("the migration waits for the call").until(() -> waitsForALock(owner));

            new Statements(owner)
                    .run("set lock_timeout = 4000", write); // another call, which comes after the migration
            assertThat(migrating).isNotDone();

            call.rollback();
            migrating.get(30, TimeUnit.SECONDS);
        }
        assertThat(new Statements(owner).run("select later from recaller.memory_chunks"))
                .isEmpty();
        server.dropDatabase(name);
    }

    private static boolean waitsForALock(String url) throws SQLException {
        return new Statements(url)
                .run("select 1 from pg_locks where not granted and relation = 'recaller.memory_chunks'::regclass")
                .contains("1");
    }

    @Test
    void aWorkerRefusesADatabaseNobodyMigratedAndNamesTheCommand() {
        String name = server.createDatabase("template1");

        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> Migrations.check(server.urls(name).worker()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(DatabaseException.Code.NOT_READY))
                .withMessageContaining("bin/recaller db migrate");
        server.dropDatabase(name);
    }

    @Test
    void aWorkerRefusesADatabaseOfANewerProgram() throws SQLException {
        String name = server.createDatabase();
        Migrations.check(server.urls(name).worker());

        new Statements(server.urls(name).owner())
                .run(
                        "insert into recaller.flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                                + " installed_by, execution_time, success)"
                                + " values (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'test', 1, true)");

        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> Migrations.check(server.urls(name).worker()))
                .withMessageContaining("version 99")
                .withMessageContaining("newer");
        server.dropDatabase(name);
    }

    @Test
    void aWorkerRefusesARoleThatOverridesRowLevelSecurity() {
        String name = server.createDatabase();

        for (String url : List.of(server.urls(name).reader(), server.administratorUrl(name))) {
            assertThatExceptionOfType(DatabaseException.class)
                    .isThrownBy(() -> Migrations.check(url))
                    .withMessageContaining("recaller_worker");
        }
        server.dropDatabase(name);
    }

    @Test
    void whereTheOwnerMayNotMakeRolesItSaysWhatToRunAndThenGoesOn() throws SQLException {
        TemporaryServer managed = TemporaryServer.launch();
        managed.administer("create role boss login password 'boss'");
        managed.administer("create database managed owner boss");
        String administrator = managed.administratorUrl("managed");
        String owner = administrator.replaceFirst("//[^@]*@", "//boss:boss@");

        var refused = catchThrowableOfType(DatabaseException.class, () -> Migrations.migrate(owner));
        assertThat(refused.code()).isEqualTo(DatabaseException.Code.NOT_READY);
        List<String> statements = String.valueOf(refused.getMessage())
                .lines()
                .map(String::strip)
                .filter(line -> line.endsWith(";"))
                .toList();
        assertThat(statements).hasSize(3);

        new Statements(administrator).run(statements.toArray(String[]::new));
        assertThat(Migrations.migrate(owner).state()).isEqualTo(Migrations.State.CURRENT);
        Migrations.check(administrator.replaceFirst("//[^@]*@", "//recaller_worker:...@"));
    }

    @Test
    void theGeneratedClassesAreThoseOfTheMigratedSchema() throws SQLException {
        String name = server.createDatabase();
        List<String> generated = new ArrayList<>();
        for (Table<?> table : Recaller.RECALLER.getTables()) {
            if (table.getTableType() == TableType.FUNCTION) {
                continue; // its columns are its own affair
            }
            for (Field<?> field : table.fields()) {
                generated.add(table.getName() + "|" + field.getName());
            }
        }

        assertThat(new Statements(server.urls(name).owner())
                        .run(
                                "select table_name, column_name from information_schema.columns where table_schema = 'recaller'"
                                        + " and table_name <> 'flyway_schema_history'"))
                .containsExactlyInAnyOrderElementsOf(generated);
        server.dropDatabase(name);
    }
}
