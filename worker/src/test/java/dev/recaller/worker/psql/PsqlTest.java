package dev.recaller.worker.psql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.console.Lines;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PsqlTest {

    private static final String JOHN = "0190a000-0000-7000-8000-000000000001";
    private static EmbeddedDatabase embedded;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();
    private Database database;
    private Connection connection;

    @BeforeAll
    static void fill() throws SQLException {
        embedded = EmbeddedDatabase.temporary();
        try (Database owner = Database.open(embedded.urls().worker(), 1);
                Connection connection = owner.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT set_config('recaller.organization_id', 'acme', true)");
            statement.execute(
                    "INSERT INTO user_memory (organization_id, id, phone_number, created_at, updated_at) VALUES"
                            + " ('acme', '" + JOHN
                            + "', '+1234567890', '2026-11-22T10:00:00Z', '2026-11-22T10:00:00Z')");
            statement.execute(
                    "INSERT INTO memory_chunks (organization_id, id, memory_id, type, content, topics, said_at,"
                            + " valid_from) VALUES ('acme', gen_random_uuid(), '" + JOHN + "', 'fact',"
                            + " E'Likes\\ttabs\\nand \\\\ lines', '{travel,\"late calls\"}', now(), now())");
            statement.execute("INSERT INTO entities (organization_id, id, memory_id, type, name, role, attributes,"
                    + " first_mentioned_at, last_mentioned_at) VALUES ('acme', gen_random_uuid(), '" + JOHN
                    + "', 'person', 'Zoë', 'caller', '{\"spelled\": true}', now(), now())");
            connection.commit();
        }
    }

    @AfterAll
    static void close() {
        embedded.close();
    }

    @BeforeEach
    void connect() {
        database = Database.open(embedded.urls().reader(), 1);
        connection = database.connection();
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
        database.close();
    }

    @Test
    void answersTheOperatorsThreeQuestions() throws Exception {
        Psql psql = psql(true);
        psql.run("SELECT * FROM user_memory WHERE phone_number = '+1234567890'");
        psql.run("SELECT * FROM memory_chunks WHERE memory_id = '" + JOHN + "'");
        psql.run("SELECT * FROM entities WHERE memory_id = '" + JOHN + "'");

        assertThat(printed().lines().filter(line -> line.equals("(1 row)"))).hasSize(3);
        assertThat(printed()).contains("+1234567890", "Likes\\ttabs\\nand \\\\ lines", "Zoë");
    }

    @Test
    void printsTablesForPeople() throws Exception {
        psql(true).run("SELECT phone_number, user_id, conversation_count AS calls FROM user_memory");

        assertThat(printed()).isEqualTo("""
                 phone_number | user_id | calls
                --------------+---------+-------
                 +1234567890  | NULL    |     0
                (1 row)

                """);
    }

    @Test
    void printsTabsForPrograms() throws Exception {
        psql(false).run("SELECT content, topics, valid_to, tokens FROM memory_chunks");

        assertThat(printed().lines())
                .containsExactly(
                        "content\ttopics\tvalid_to\ttokens",
                        "Likes\\ttabs\\nand \\\\ lines\t{travel,\"late calls\"}\t\\N\t0");
    }

    @Test
    void writesTimesJsonAndBytesAsPostgresDoes() throws Exception {
        psql(false)
                .run("SET timezone = 'UTC'; SELECT '2026-11-22T10:00:00.5Z'::timestamptz, '{\"a\": [1, null]}'::jsonb,"
                        + " '\\x00ff'::bytea, decode(repeat('ab', 40), 'hex'), true, E'\\x1b[2J'");

        assertThat(printed().lines().skip(1))
                .singleElement()
                .isEqualTo("2026-11-22 10:00:00.5+00\t{\"a\": [1, null]}\t\\x00ff\t\\x" + "ab".repeat(32)
                        + "... (40 bytes)\tt\t\\x1b[2J");
    }

    @Test
    void runsSeveralStatementsAtOnce() throws Exception {
        psql(false).run("SELECT 1 AS one; SELECT 2 AS two WHERE false;");

        assertThat(printed()).isEqualTo("one\n1\ntwo\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM user_memory",
                "UPDATE user_memory SET phone_number = '+19999999999'",
                "INSERT INTO organizations (organization_id, name) VALUES ('x', 'x')",
                "TRUNCATE user_memory CASCADE",
                "DROP TABLE calls",
                "CREATE TABLE recaller.mine (id int)",
                "SET TRANSACTION READ WRITE; DELETE FROM user_memory",
                "COMMIT; BEGIN READ WRITE; DELETE FROM user_memory; COMMIT",
            })
    void refusesToWrite(String sql) throws Exception {
        assertThatThrownBy(() -> psql(true).run(sql))
                .isInstanceOf(SQLException.class)
                .hasMessageStartingWith("ERROR: ");
        connection.rollback();

        psql(false).run("SELECT count(*) FROM user_memory");
        assertThat(printed()).isEqualTo("count\n1\n");
    }

    @Test
    void readsStatementsOverSeveralLinesUntilTheEnd() throws Exception {
        boolean good = read("SELECT 1\n  AS one;\n\nSELECT ';\n' AS text;\n\\q\nSELECT 3;\n", false);

        assertThat(good).isTrue();
        assertThat(printed()).isEqualTo("one\n1\ntext\n;\\n\n");
    }

    @Test
    void runsALastStatementWithoutSemicolon() throws Exception {
        assertThat(read("SELECT 7 AS seven", false)).isTrue();
        assertThat(printed()).isEqualTo("seven\n7\n");
    }

    @Test
    void stopsAScriptAtItsFirstMistake() throws Exception {
        assertThat(read("SELECT nothing;\nSELECT 2;\n", false)).isFalse();

        assertThat(complained.toString(StandardCharsets.UTF_8)).contains("ERROR: column \"nothing\" does not exist");
        assertThat(printed()).isEmpty();
    }

    @Test
    void goesOnAfterAPersonsMistake() throws Exception {
        assertThat(read("SELECT nothing;\nSELECT 2 AS two;\n\\dt\n", true)).isFalse();

        assertThat(printed()).startsWith("two\n2\ntable\n").contains("\nuser_memory\n", "\nmemory_chunks\n");
        assertThat(complained.toString(StandardCharsets.UTF_8)).contains("recaller=> ");
    }

    @Test
    void seesEveryOrganizationAsTheReaderAndNoneAsTheWorker() throws Exception {
        assertThat(psql(false).seesNoOrganization()).isFalse();
        try (Database worker = Database.open(embedded.urls().worker(), 1);
                Connection asWorker = worker.connection()) {
            Psql psql = new Psql(asWorker, new PrintStream(printed, true, StandardCharsets.UTF_8), false);
            assertThat(psql.seesNoOrganization()).isTrue();
            psql.run("SELECT count(*) FROM user_memory");
            assertThat(printed()).isEqualTo("count\n0\n");
        }
    }

    @Test
    void cancelsTheStatementWhenInterrupted() throws Exception {
        Psql psql = psql(false);
        Thread waiting = Thread.currentThread();
        Thread.ofVirtual().start(() -> {
            await().until(() -> sleeping() == 1);
            waiting.interrupt();
        });

        assertThatThrownBy(() -> psql.run("SELECT pg_sleep(60)")).isInstanceOf(InterruptedException.class);

        await().until(() -> sleeping() == 0);
    }

    private static int sleeping() throws SQLException {
        try (Database other = Database.open(embedded.urls().reader(), 1);
                Connection asking = other.connection();
                ResultSet found = asking.createStatement()
                        .executeQuery("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'"
                                + " AND state = 'active'")) {
            found.next();
            return found.getInt(1);
        }
    }

    private boolean read(String input, boolean person) throws Exception {
        PrintStream errors = new PrintStream(complained, true, StandardCharsets.UTF_8);
        return psql(false).read(new Lines(new BufferedReader(new StringReader(input))), person ? errors : null, errors);
    }

    private Psql psql(boolean aligned) throws SQLException {
        return new Psql(connection, new PrintStream(printed, true, StandardCharsets.UTF_8), aligned);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
