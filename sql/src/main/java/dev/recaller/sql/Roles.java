package dev.recaller.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The roles beside the owner. They belong to the server, not to a database, and many managed servers let only an
 * administrator make them, so they are no part of the migrations. Passwords are the operator's.
 */
final class Roles {

    static final String OWNER = "recaller_owner";
    static final String WORKER = "recaller_worker";
    static final String READER = "recaller_reader";

    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String DUPLICATE_OBJECT = "42710";

    /** Row-level security holds for the worker; the reader, the operator's own, sees every organization. */
    private static final Map<String, String> ATTRIBUTES = new LinkedHashMap<>();

    static {
        ATTRIBUTES.put(WORKER, "nosuperuser nobypassrls nocreatedb nocreaterole");
        ATTRIBUTES.put(READER, "nosuperuser bypassrls nocreatedb nocreaterole");
    }

    private Roles() {}

    static String create(String role) {
        return "create role " + role + " login " + ATTRIBUTES.getOrDefault(role, "");
    }

    static String searchPath(String role) {
        return "alter role " + role + " set search_path = " + Migrations.SCHEMA;
    }

    /** Makes what is missing, or says what an administrator has to run. */
    static void ensure(DatabaseUrl owner) {
        try (Connection connection = DriverManager.getConnection(owner.jdbcUrl(), owner.properties())) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < 15) {
                throw DatabaseException.notReady("PostgreSQL " + version + " is too old, 15 or newer is needed");
            }
            for (String role : ATTRIBUTES.keySet()) {
                if (!exists(connection, role)) {
                    make(connection, role, owner);
                }
            }
        } catch (SQLException e) {
            throw DatabaseException.of(e);
        }
    }

    private static boolean exists(Connection connection, String role) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select 1 from pg_roles where rolname = ?")) {
            query.setString(1, role);
            try (ResultSet found = query.executeQuery()) {
                return found.next();
            }
        }
    }

    private static void make(Connection connection, String role, DatabaseUrl owner) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(create(role));
            statement.execute(searchPath(role));
        } catch (SQLException e) {
            if (DUPLICATE_OBJECT.equals(e.getSQLState())) {
                return;
            }
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                throw DatabaseException.notReady(refused(owner), e);
            }
            throw e;
        }
    }

    private static String refused(DatabaseUrl owner) {
        return """
            the database role %s may not create the roles Recaller needs. Ask an administrator of the database to run
              create role %s login nobypassrls password '...';
              create role %s login bypassrls password '...';
              alter role %s set search_path = recaller; alter role %s set search_path = recaller;
            and migrate again.""".formatted(owner.user(), WORKER, READER, WORKER, READER);
    }
}
