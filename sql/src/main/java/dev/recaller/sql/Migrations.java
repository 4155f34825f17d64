package dev.recaller.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jspecify.annotations.Nullable;

/** The schema's versions: brings a database to the one this program was built with, or says that it is not there. */
public final class Migrations {

    static final String SCHEMA = "recaller";
    static final String PACKED = "classpath:db/migration";

    public enum State {
        /** As this program needs it. */
        CURRENT,
        /** Older, or empty: migrate. */
        OLD,
        /** A newer program migrated it. */
        NEW
    }

    /**
     * How a database compares with this program.
     *
     * @param found version of the database, null when it has none
     */
    public record Status(State state, @Nullable String found, String needed) {}

    private Migrations() {}

    /**
     * Migrates as the owner; does nothing when there is nothing to do. Safe to run by several at once.
     *
     * @throws DatabaseException {@code NOT_READY} when roles are missing and the owner may not create them
     */
    public static Status migrate(String ownerUrl) {
        return migrate(ownerUrl, PACKED);
    }

    static Status migrate(String ownerUrl, String location) {
        DatabaseUrl owner = DatabaseUrl.parse(ownerUrl);
        Roles.ensure(owner);
        Flyway flyway = flyway(owner, location);
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            throw DatabaseException.notReady("the database could not be migrated: " + e.getMessage(), e);
        }
        return status(flyway);
    }

    /** Compares; any role of Recaller may ask. */
    public static Status status(String url) {
        return status(flyway(DatabaseUrl.parse(url), PACKED));
    }

    /**
     * Refuses a database a worker must not start on.
     *
     * @throws DatabaseException {@code NOT_READY} with the command to run
     */
    public static void check(String workerUrl) {
        refuseOverrider(DatabaseUrl.parse(workerUrl));
        Status status = status(workerUrl);
        switch (status.state()) {
            case CURRENT -> {}
            case OLD ->
                throw DatabaseException.notReady("the database is at version "
                        + (status.found() == null ? "none" : status.found()) + ", this program needs " + status.needed()
                        + ": set RECALLER_DATABASE_OWNER_URL and run bin/recaller db migrate");
            case NEW ->
                throw DatabaseException.notReady("the database is at version " + status.found()
                        + ", newer than this program, which knows " + status.needed() + ": run the newer program");
        }
    }

    private static void refuseOverrider(DatabaseUrl url) {
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.properties());
                Statement statement = connection.createStatement();
                ResultSet role = statement.executeQuery(
                        "select rolsuper or rolbypassrls from pg_roles where rolname = current_user")) {
            if (role.next() && role.getBoolean(1)) {
                throw DatabaseException.notReady("the database role " + url.user()
                        + " overrides row-level security, so organizations would not be kept apart:"
                        + " use the role recaller_worker in RECALLER_DATABASE_URL");
            }
        } catch (SQLException e) {
            throw DatabaseException.of(e);
        }
    }

    private static Status status(Flyway flyway) {
        try {
            MigrationInfoService info = flyway.info();
            MigrationInfo current = info.current();
            String found = current == null || current.getVersion() == null
                    ? null
                    : current.getVersion().getVersion();
            String needed = "none";
            for (MigrationInfo migration : info.all()) {
                if (migration.getState().isResolved() && migration.getVersion() != null) {
                    needed = migration.getVersion().getVersion();
                }
            }
            boolean newer = current != null && !current.getState().isResolved();
            State state = newer ? State.NEW : info.pending().length > 0 ? State.OLD : State.CURRENT;
            return new Status(state, found, needed);
        } catch (FlywayException e) {
            throw DatabaseException.unavailable("the database's version cannot be read: " + e.getMessage(), e);
        }
    }

    private static Flyway flyway(DatabaseUrl url, String location) {
        return Flyway.configure()
                .loggers("slf4j")
                .dataSource(url.jdbcUrl(), url.user(), url.password())
                .schemas(SCHEMA)
                .createSchemas(true)
                .locations(location)
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .load();
    }
}
