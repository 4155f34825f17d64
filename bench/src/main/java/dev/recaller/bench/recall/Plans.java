package dev.recaller.bench.recall;

import dev.recaller.memory.Assurance;
import dev.recaller.memory.CallerMemory;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Query;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.recall.Embedder;
import dev.recaller.sql.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** How the database answers what a recall asks, as the worker's role, under row-level security. */
final class Plans {

    private static final String BIG = "'user_memory', 'memory_chunks', 'chunk_vectors', 'entities', 'preferences'";

    /** The driver has the server prepare a statement after some uses: pgjdbc's prepareThreshold, five by default. */
    private static final int UNTIL_PREPARED = 5;

    private Plans() {}

    /** The plan of every statement that opening and searching a caller's memory has the server prepare. */
    static Map<String, String> of(String workerUrl, MemoryIdentity caller, Embedder model) throws SQLException {
        try (Database one = Database.open(workerUrl, 1)) {
            try (UnifiedMemoryService memory =
                    new UnifiedMemoryService(one, InstantSource.system(), RecallCommand.HASH_KEY, model)) {
                for (int time = 0; time < UNTIL_PREPARED; time++) {
                    UUID call = UUID.randomUUID();
                    try (CallerMemory open = memory.open(caller, Assurance.PRESENTED, call, Duration.ofMinutes(1))) {
                        open.recall(new Query(null, 5, Assurance.PRESENTED, call), Duration.ofMinutes(1));
                    }
                }
            }
            // The pool's only connection: what was prepared on it is still there.
            try (Connection connection = one.connection();
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "select set_config('recaller.organization_id', '" + Population.ORGANIZATION + "', true)");
                statement.execute("set local plan_cache_mode = force_generic_plan");
                Map<String, String> plans = prepared(statement);
                for (Map.Entry<String, String> plan : plans.entrySet()) {
                    plan.setValue(explain(statement, plan.getValue()));
                }
                connection.rollback();
                return plans;
            }
        }
    }

    /** Sequential scans of big tables since the server counts. Backends that go on tell theirs a second later. */
    static long sequentialScans(String readerUrl) throws SQLException {
        try (Database reader = Database.open(readerUrl, 1);
                Connection connection = reader.connection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select sum(seq_scan) from pg_stat_user_tables where relname in (" + BIG + ")")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** What the server has prepared, and how to execute it; which values does not matter to a generic plan. */
    private static Map<String, String> prepared(Statement statement) throws SQLException {
        Map<String, String> executions = new LinkedHashMap<>();
        try (ResultSet rows = statement.executeQuery("""
                select statement, 'execute ' || quote_ident(name)
                  || coalesce('(' || nullif(repeat(', null', cardinality(parameter_types)), '') || ')', '')
                from pg_prepared_statements
                where statement ~ '(user_memory|memory_chunks|entities|preferences)'
                  and statement !~ 'pg_prepared_statements'
                order by prepare_time""")) {
            while (rows.next()) {
                executions.put(rows.getString(1), rows.getString(2).replaceFirst("\\(, ", "("));
            }
        }
        return executions;
    }

    private static String explain(Statement statement, String execution) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("explain (costs off) " + execution)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return String.join("\n", lines);
    }
}
