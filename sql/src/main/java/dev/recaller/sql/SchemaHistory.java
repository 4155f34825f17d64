package dev.recaller.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/** What ran in a database, as Flyway wrote it down; any role of Recaller may read it. */
final class SchemaHistory {

    private static final String TABLE = Migrations.SCHEMA + ".flyway_schema_history";
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String NO_SUCH_SCHEMA = "3F000";

    /** One that ran. */
    record Applied(String description, Instant at) {}

    private SchemaHistory() {}

    /** By version; empty for a database nobody migrated. */
    static SortedMap<Integer, Applied> read(DatabaseUrl url) {
        SortedMap<Integer, Applied> applied = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.properties());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select version, description, installed_on from " + TABLE
                        + " where success and version is not null")) {
            while (rows.next()) {
                applied.put(
                        Integer.parseInt(rows.getString(1)),
                        new Applied(rows.getString(2), rows.getTimestamp(3).toInstant()));
            }
        } catch (SQLException e) {
            if (!UNDEFINED_TABLE.equals(e.getSQLState()) && !NO_SUCH_SCHEMA.equals(e.getSQLState())) {
                throw DatabaseException.of(e);
            }
        }
        return applied;
    }
}
