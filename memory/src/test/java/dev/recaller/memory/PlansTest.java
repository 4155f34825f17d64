package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.sql.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How the server finds rows by statements as it has them prepared, when their parameters may be anything. */
final class PlansTest extends MemoryTest {

    private static final int UNTIL_PREPARED = 6;

    @Test
    void theTurnsOfACallAreFoundByTheCallHoweverMuchItsCallerHasSaid() throws SQLException {
        try (Database one = Database.open(workerUrl(), 1);
                UnifiedMemoryService service = new UnifiedMemoryService(one, clock, KEY, null)) {
            UUID call = UUID.randomUUID();
            for (int turn = 0; turn < UNTIL_PREPARED; turn++) {
                service.store(
                        MemoryIdentity.ofPhone("default", "+155509801"),
                        new Conversation(
                                call,
                                Assurance.PRESENTED,
                                List.of(new Turn(turn, Speaker.CALLER, "I love opera.", clock.instant()))),
                        MemoryConfiguration.DEFAULT);
                service.memoryOf("default", call);
            }

            assertThat(plans(one, "memory_chunks"))
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allSatisfy(plan -> assertThat(plan).contains("Index Scan using ux_memory_chunks_turn"));
        }
    }

    /** Of what reads a table on the only connection there is. */
    private static List<String> plans(Database one, String table) throws SQLException {
        try (Connection connection = one.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("select set_config('recaller.organization_id', 'default', true)");
            statement.execute("set local plan_cache_mode = force_generic_plan");
            statement.execute("set local enable_seqscan = off");
            List<String> plans = new ArrayList<>();
            for (String execution : strings(statement, """
                    select 'execute ' || quote_ident(name) || '(null' || repeat(', null', cardinality(parameter_types) - 1) || ')'
                    from pg_prepared_statements where statement ~* 'select.* from .*%s' and statement !~ 'insert'
                      and statement !~ 'pg_prepared'""".formatted(table))) {
                plans.add(String.join("\n", strings(statement, "explain " + execution)));
            }
            connection.rollback();
            return plans;
        }
    }

    private static List<String> strings(Statement statement, String sql) throws SQLException {
        List<String> strings = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                strings.add(rows.getString(1));
            }
        }
        return strings;
    }
}
