package dev.recaller.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Plain SQL as one role, each statement on a connection of its own, as an operator types it. */
record Statements(String url) {

    /** Runs statements in one transaction; rows of the last one, columns joined by {@code |}. */
    List<String> run(String... statements) throws SQLException {
        DatabaseUrl where = DatabaseUrl.parse(url);
        try (Connection connection = DriverManager.getConnection(where.jdbcUrl(), where.properties());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            List<String> rows = new ArrayList<>();
            for (String sql : statements) {
                rows.clear();
                if (statement.execute(sql)) {
                    collect(statement.getResultSet(), rows);
                }
            }
            connection.commit();
            return rows;
        }
    }

    String state(String... statements) {
        try {
            run(statements);
            return "accepted";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    private static void collect(ResultSet result, List<String> rows) throws SQLException {
        try (result) {
            while (result.next()) {
                var row = new StringJoiner("|");
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    row.add(String.valueOf(result.getString(column)));
                }
                rows.add(row.toString());
            }
        }
    }
}
