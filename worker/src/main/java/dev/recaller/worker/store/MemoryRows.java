package dev.recaller.worker.store;

import dev.recaller.sql.Database;
import dev.recaller.sql.DatabaseException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many rows each table of the memory has, in all organizations together, by PostgreSQL's own estimate: no row is read,
 * so it costs the same however many there are, and row-level security leaves it to every role.
 */
public final class MemoryRows {

    /** The tables of the memory. */
    public static final List<String> TABLES =
            List.of("user_memory", "memory_chunks", "entities", "entity_relationships", "preferences", "calls");

    private final Database database;

    public MemoryRows(Database database) {
        this.database = database;
    }

    /** By table; empty while the database does not answer. */
    public Map<String, Long> count() {
        try (Connection connection = database.connection();
                PreparedStatement query =
                        connection.prepareStatement("select relname, n_live_tup from pg_stat_user_tables"
                                + " where schemaname = 'recaller' and relname = any (?)")) {
            Array tables = connection.createArrayOf("text", TABLES.toArray());
            query.setArray(1, tables);
            try (ResultSet result = query.executeQuery()) {
                Map<String, Long> rows = new HashMap<>();
                while (result.next()) {
                    rows.put(result.getString(1), result.getLong(2));
                }
                return rows;
            } finally {
                connection.rollback();
            }
        } catch (DatabaseException | SQLException e) {
            return Map.of();
        }
    }
}
