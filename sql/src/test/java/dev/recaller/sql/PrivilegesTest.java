package dev.recaller.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PrivilegesTest {

    private static final String ID = "018f0000-0000-7000-8000-00000000000a";
    private static final String AS_A = "set local recaller.organization_id = 'a'";
    private static final String AS_B = "set local recaller.organization_id = 'b'";
    private static final String DENIED = "42501";

    private static final String KEY = "0123456789ab";

    private static EmbeddedDatabase embedded;
    private static Statements owner;
    private static Statements worker;
    private static Statements reader;

    @BeforeAll
    static void fill() throws SQLException {
        embedded = EmbeddedDatabase.temporary();
        owner = new Statements(embedded.urls().owner());
        worker = new Statements(embedded.urls().worker());
        reader = new Statements(embedded.urls().reader());
        owner.run(
                "set local search_path = recaller",
                AS_A,
                "insert into organizations (organization_id, name) values ('a', 'A')",
                "insert into user_memory (organization_id, id, phone_number) values ('a', '" + ID + "', '+1234567890')",
                "insert into memory_chunks (organization_id, id, memory_id, type, content, said_at, valid_from, call_id, turn, speaker)"
                        + " values ('a', '" + ID + "', '" + ID + "', 'conversation', 'hello', now(), now(), '" + ID
                        + "', 0, 'caller')",
                "insert into chunk_vectors values ('a', '" + ID + "', 'e5', '', '', '')",
                "insert into entities (organization_id, id, memory_id, type, name, first_mentioned_at, last_mentioned_at)"
                        + " values ('a', '" + ID + "', '" + ID + "', 'person', 'John', now(), now())",
                "insert into entity_relationships (organization_id, id, memory_id, source_id, relation, target_id, valid_from)"
                        + " values ('a', '" + ID + "', '" + ID + "', '" + ID + "', 'is', '" + ID + "', now())",
                "insert into preferences (organization_id, id, memory_id, key, value, category, confidence, valid_from)"
                        + " values ('a', '" + ID + "', '" + ID + "', 'language', 'english', 'language', 1, now())",
                "insert into flows (organization_id, id, name, version) values ('a', 'f', 'F', 1)",
                "insert into flow_versions (organization_id, flow_id, version, definition) values ('a', 'f', 1, '{}')",
                "insert into calls (organization_id, id, flow_id, flow_version, started_at) values ('a', '" + ID
                        + "', 'f', 1, now())",
                "insert into recordings (organization_id, id, call_id, storage, object, started_at) values ('a', '" + ID
                        + "', '" + ID + "', 'folder', 'o', now())",
                "insert into call_state (organization_id, call_id, node, state) values ('a', '" + ID
                        + "', 'start', '{}')",
                "insert into call_leases values ('a', '" + ID + "', '" + ID + "', now(), 'r', 'RM_r', '')",
                "insert into control_keys (organization_id, id, secret_hash, role) values ('a', '" + KEY
                        + "', sha256('secret'), 'viewer')",
                "insert into numbers (organization_id, number) values ('a', '+15550100')",
                "insert into blocked_callers (organization_id, number_hash) values ('a', repeat('0', 32))",
                "insert into merges (organization_id, id, kind, into_id) values ('a', '" + ID + "', 'adoption', '" + ID
                        + "')",
                "insert into memory_usage (organization_id, day) values ('a', '2026-01-01')",
                "insert into merge_proposals (organization_id, id, into_id, from_id) values ('a', '" + ID + "', '" + ID
                        + "', '" + ID + "')",
                "insert into consents (organization_id, id, grantee, memory_id, categories, purpose, evidence, expires_at)"
                        + " values ('a', '" + ID + "', 'c', '" + ID
                        + "', '{contact}', 'p', 'e', now() + interval '1 day')",
                "insert into erasures (organization_id, id, tombstone, erased_at, counts) values ('a', '" + ID
                        + "', '', now(), '{}')",
                "insert into audit (organization_id, id, actor, action) values ('a', '" + ID + "', 'test', 'test')");
    }

    @AfterAll
    static void close() {
        embedded.close();
    }

    static List<String> tables() throws SQLException {
        return embedded == null
                ? List.of()
                : reader.run(
                        "select table_name from information_schema.tables where table_schema = 'recaller'"
                                + " and table_type = 'BASE TABLE'"
                                + " and table_name not in ('flyway_schema_history', 'scheduled_tasks', 'parked_jobs') order by 1");
    }

    /** All but the keys of the control API, which it asks for by a function. */
    static List<String> tablesOfTheWorker() throws SQLException {
        return tables().stream().filter(table -> !table.equals("control_keys")).toList();
    }

    @Test
    void thereAreTheTablesOfTheDesign() throws SQLException {
        assertThat(tables())
                .containsExactlyInAnyOrder(
                        "organizations",
                        "user_memory",
                        "memory_chunks",
                        "chunk_vectors",
                        "entities",
                        "entity_relationships",
                        "preferences",
                        "calls",
                        "recordings",
                        "call_state",
                        "call_leases",
                        "flows",
                        "flow_versions",
                        "control_keys",
                        "numbers",
                        "blocked_callers",
                        "merges",
                        "merge_proposals",
                        "memory_usage",
                        "consents",
                        "erasures",
                        "audit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scheduled_tasks", "parked_jobs"})
    void jobsAreOfNoOrganizationSoNoColumnOfThemHoldsWhatSomebodySaid(String table) throws SQLException {
        String key = " where task_name = 't' and task_instance = 'i'";
        String insert = table.equals("parked_jobs")
                ? "insert into parked_jobs values ('t', 'i', null, 5, 'refused', now())"
                : "insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                        + " values ('t', 'i', now(), false, 1)";

        worker.run(insert);
        assertThat(worker.run("select count(*) from " + table + key)).containsExactly("1");
        assertThat(reader.run("select count(*) from " + table + key)).containsExactly("1");
        assertThat(reader.state("delete from " + table)).isEqualTo(DENIED);
        worker.run("delete from " + table + key);
        assertThat(reader.run("select column_name from information_schema.columns where table_name = '" + table
                        + "' and data_type in ('text', 'bytea', 'jsonb') order by 1"))
                .isSubsetOf("picked_by", "reason", "task_data", "task_instance", "task_name");
    }

    @ParameterizedTest
    @MethodSource("tablesOfTheWorker")
    void anOrganizationSeesItsOwnRowsOnly(String table) throws SQLException {
        String count = "select count(*) from " + table;

        assertThat(worker.run(AS_A, count)).containsExactly("1");
        assertThat(worker.run(AS_B, count)).containsExactly("0");
        assertThat(worker.run(count)).as("no organization set").containsExactly("0");
        assertThat(owner.run(AS_B, "select count(*) from recaller." + table))
                .as("the owner too")
                .containsExactly("0");
        assertThat(reader.run(count)).as("the operator").containsExactly("1");
    }

    @ParameterizedTest
    @MethodSource("tables")
    void theOrganizationIsFirstInEveryKey(String table) throws SQLException {
        assertThat(reader.run("select distinct a.attname from pg_constraint c join pg_attribute a"
                        + " on a.attrelid = c.conrelid and a.attnum = c.conkey[1]"
                        + " where c.conrelid = '" + table + "'::regclass and c.contype in ('p', 'f')"))
                .containsExactly("organization_id");
    }

    @Test
    void anOrganizationChangesNothingOfAnother() throws SQLException {
        assertThat(
                        worker.state(
                                AS_B,
                                "insert into user_memory (organization_id, id, phone_number) values ('a', gen_random_uuid(), '+15550100')"))
                .isEqualTo(DENIED);
        assertThat(worker.state(
                        AS_B,
                        "insert into entities (organization_id, id, memory_id, type, name, first_mentioned_at, last_mentioned_at)"
                                + " values ('b', gen_random_uuid(), '" + ID + "', 'person', 'Eve', now(), now())"))
                .as("a reference to a memory of another organization")
                .isEqualTo("23503");
        worker.run(AS_B, "update user_memory set phone_number = '+15550100'");
        worker.run(AS_B, "delete from user_memory");
        assertThat(reader.run("select phone_number from user_memory")).containsExactly("+1234567890");
    }

    @Test
    void theGranteeSeesItsConsentAndCannotChangeIt() throws SQLException {
        String asC = "set local recaller.organization_id = 'c'";

        assertThat(worker.run(asC, "select organization_id, grantee from consents"))
                .containsExactly("a|c");
        worker.run(asC, "update consents set categories = '{health}'");
        assertThat(reader.run("select categories from consents")).containsExactly("{contact}");
    }

    @Test
    void theSweepLearnsIdsOfOrganizationsAndNothingElseOfThem() throws SQLException {
        String count = "select count(*) from user_memory";

        assertThat(worker.run("select next_organization('')")).containsExactly("a");
        assertThat(worker.run("select next_organization('a') is null")).containsExactly("t");
        assertThat(worker.run("set local recaller.sweep = 'on'", count)).containsExactly("0");
        assertThat(worker.run("select next_organization('')", count)).containsExactly("0");
        assertThat(reader.state("select next_organization('')")).isEqualTo(DENIED);
    }

    @Test
    void aCallLearnsWhoseTheNumberCalledIsAndNothingElse() throws SQLException {
        String count = "select count(*) from numbers";

        assertThat(worker.run("select organization_id from number_called('+15550100')"))
                .containsExactly("a");
        assertThat(worker.run("select * from number_called('+15550101')")).isEmpty();
        assertThat(worker.run("select * from number_called('+1555010')")).isEmpty();
        assertThat(worker.run("select organization_id from number_called('+15550100')", count))
                .containsExactly("0");
        assertThat(worker.run("set local recaller.sweep = 'on'", count)).containsExactly("0");
        assertThat(reader.state("select * from number_called('+15550100')")).isEqualTo(DENIED);
        assertThat(worker.state(AS_B, "insert into numbers (organization_id, number) values ('b', '+15550100')"))
                .as("a number leads to one organization")
                .isEqualTo("23505");
    }

    @Test
    void theWorkerLearnsTheKeyItIsShownAndNoOther() throws SQLException {
        assertThat(worker.state(AS_A, "select count(*) from control_keys")).isEqualTo(DENIED);
        assertThat(worker.run("select organization_id, role from control_key('" + KEY + "')"))
                .containsExactly("a|viewer");
        assertThat(worker.run("select * from control_key('%')")).isEmpty();
        assertThat(reader.state("select * from control_key('" + KEY + "')")).isEqualTo(DENIED);
    }

    @Test
    void theReaderListsKeysWithoutWhatProvesThem() throws SQLException {
        assertThat(reader.run("select organization_id, id, role from control_keys"))
                .containsExactly("a|" + KEY + "|viewer");
        assertThat(reader.state("select secret_hash from control_keys")).isEqualTo(DENIED);
    }

    @Test
    void auditRowsGoOnlyWhenTheirTimeIsOverAndOnlyOnesOwn() throws SQLException {
        assertThat(worker.run(AS_B, "select purge_audit('infinity', 10)")).containsExactly("0");
        assertThat(worker.run(AS_A, "select purge_audit(now() + interval '364 days', 10)"))
                .containsExactly("0");
        assertThat(reader.run("select count(*) from audit")).containsExactly("1");
        assertThat(reader.state("select purge_audit('infinity', 10)")).isEqualTo(DENIED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table recaller.mine (id int)",
                "create table public.mine (id int)",
                "create temporary table mine (id int)",
                "alter table user_memory disable row level security",
                "drop policy organization on user_memory",
                "truncate user_memory",
                "create role mine",
                "insert into organizations (organization_id, name) values ('a', 'A')",
                "delete from audit",
                "update erasures set counts = '{}'",
                "select * from pg_authid",
            })
    void theWorkerMayNot(String statement) {
        // 42501 denied; dropping and altering what belongs to another is denied by the same code
        assertThat(worker.state(AS_A, statement)).isEqualTo(DENIED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into user_memory (organization_id, id, phone_number) values ('a', gen_random_uuid(), '+15550100')",
                "update user_memory set total_tokens = 1",
                "delete from memory_chunks",
                "create table recaller.mine (id int)",
            })
    void theReaderOnlyReads(String statement) {
        assertThat(reader.state(AS_A, statement)).isEqualTo(DENIED);
    }

    @Test
    void theOperatorsStatementsWorkAsTyped() throws SQLException {
        assertThat(reader.run("SELECT * FROM user_memory WHERE phone_number = '+1234567890'"))
                .hasSize(1);
        assertThat(reader.run("SELECT * FROM memory_chunks WHERE memory_id = '" + ID + "'"))
                .hasSize(1);
        assertThat(reader.run("SELECT * FROM entities WHERE memory_id = '" + ID + "'"))
                .hasSize(1);
    }
}
