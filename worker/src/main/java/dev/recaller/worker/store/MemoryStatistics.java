package dev.recaller.worker.store;

import dev.recaller.sql.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The views {@code stats_...}: what is remembered and what it is good for, without a row about one caller. */
public final class MemoryStatistics {

    /** Name of each view, without its prefix, and how its rows are put in order. */
    private static final Map<String, String> VIEWS = new LinkedHashMap<>();

    static {
        VIEWS.put("callers", "organization_id, period, start desc");
        VIEWS.put("returning", "organization_id");
        VIEWS.put("recalls", "organization_id, day desc");
        VIEWS.put("chunks", "organization_id, type");
        VIEWS.put("topics", "organization_id, place");
        VIEWS.put("retention", "organization_id, rows_of");
        VIEWS.put("extraction", "organization_id");
    }

    private final Database database;

    /** @param database as a role that may read: the worker's sees one organization at a time, the reader's all */
    public MemoryStatistics(Database database) {
        this.database = database;
    }

    /**
     * The rows of every view by its name, each a map of column to number, text or, of days, ISO date; a
     * column without a value is left out.
     *
     * @param organizationId whose; null: of all this role sees
     */
    public Map<String, List<Map<String, Object>>> read(@Nullable String organizationId) throws SQLException {
        try (Connection connection = database.connection()) {
            connection.setReadOnly(true);
            try {
                set(connection, organizationId);
                Map<String, List<Map<String, Object>>> statistics = new LinkedHashMap<>();
                for (Map.Entry<String, String> view : VIEWS.entrySet()) {
                    statistics.put(view.getKey(), rows(connection, view.getKey(), view.getValue(), organizationId));
                }
                return statistics;
            } finally {
                connection.rollback();
            }
        }
    }

    private static void set(Connection connection, @Nullable String organizationId) throws SQLException {
        try (PreparedStatement setting =
                connection.prepareStatement("select set_config('recaller.organization_id', ?, true)")) {
            setting.setString(1, organizationId == null ? "" : organizationId);
            setting.execute();
        }
    }

    private static List<Map<String, Object>> rows(
            Connection connection, String view, String order, @Nullable String organizationId) throws SQLException {
        String where = organizationId == null ? "" : " where organization_id = ?";
        try (PreparedStatement query =
                connection.prepareStatement("select * from recaller.stats_" + view + where + " order by " + order)) {
            if (organizationId != null) {
                query.setString(1, organizationId);
            }
            try (ResultSet result = query.executeQuery()) {
                List<Map<String, Object>> rows = new ArrayList<>();
                while (result.next()) {
                    rows.add(row(result));
                }
                return rows;
            }
        }
    }

    private static Map<String, Object> row(ResultSet result) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            Object value = result.getObject(i);
            if (value != null) {
                row.put(columns.getColumnLabel(i), value instanceof Number ? value : value.toString());
            }
        }
        return row;
    }
}
