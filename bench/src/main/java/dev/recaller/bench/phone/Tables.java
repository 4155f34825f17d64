package dev.recaller.bench.phone;

import dev.recaller.sql.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks into the tables of an organization as an operator can. */
final class Tables {

    private static final Set<String> KNOWN = Set.of(
            "user_memory", "memory_chunks", "entities", "entity_relationships", "preferences", "merges", "audit");

    private final Database reader;

    Tables(Database reader) {
        this.reader = reader;
    }

    /** What is wrong, in words; null: nothing. */
    @Nullable
    String judge(Check check, String organization) {
        return switch (check) {
            case Check.Rows(var table, var count) -> {
                long rows = rows(table, organization);
                yield rows == count ? null : check + ", but: " + rows;
            }
            case Check.Formerly(var key, var value) ->
                count(
                                        "select count(*) from recaller.preferences where organization_id = ? and key = ?"
                                                + " and value = ? and valid_to is not null",
                                        organization,
                                        key,
                                        value)
                                > 0
                        ? null
                        : check + ", but it is not there";
            case Check.Stored(var text, var anywhere) ->
                anywhere == isStored(text, organization) ? null : check + ", but it is the other way round";
            default -> throw new IllegalArgumentException(check + " is for a recall");
        };
    }

    private long rows(String table, String organization) {
        if (!KNOWN.contains(table)) {
            throw new IllegalArgumentException("no such table: " + table);
        }
        return count("select count(*) from recaller." + table + " where organization_id = ?", organization);
    }

    private boolean isStored(String text, String organization) {
        String like = "%" + text + "%";
        return count(
                        "select (select count(*) from recaller.memory_chunks where organization_id = ? and content ilike ?)"
                                + " + (select count(*) from recaller.entities where organization_id = ? and name ilike ?)"
                                + " + (select count(*) from recaller.preferences where organization_id = ? and value ilike ?)",
                        organization,
                        like,
                        organization,
                        like,
                        organization,
                        like)
                > 0;
    }

    private long count(String query, String... parameters) {
        try (Connection connection = reader.connection();
                PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the tables cannot be read", e);
        }
    }
}
