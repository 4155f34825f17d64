package dev.recaller.sql;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
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
     * A migration.
     *
     * @param at when it ran in the database; null: it is to be run
     * @param known false: this program has none of this version
     */
    public record Step(
            int version, String description, @Nullable Instant at, boolean known) {}

    /**
     * How a database compares with this program.
     *
     * @param steps every migration of either, in order
     */
    public record Status(State state, List<Step> steps) {
        public Status {
            steps = List.copyOf(steps);
        }

        /** Version of the database; 0: it has none. */
        public int found() {
            return steps.stream()
                    .filter(step -> step.at() != null)
                    .mapToInt(Step::version)
                    .max()
                    .orElse(0);
        }

        /** Version this program was built with. */
        public int needed() {
            return steps.stream()
                    .filter(Step::known)
                    .mapToInt(Step::version)
                    .max()
                    .orElse(0);
        }
    }

    /** Older workers' writes wait as long as a migration waits for a lock: not so long that a caller would notice. */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(1);

    /** Between two tries, for the writes that waited. */
    private static final Duration LOCK_PAUSE = Duration.ofMillis(500);

    private static final int LOCK_TRIES = 60;
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private Migrations() {}

    /**
     * Migrates as the owner; does nothing when there is nothing to do. Safe to run by several at once, and while workers
     * write: for a table they use it waits a second at most, gives way to them and tries again, for a minute and a half.
     *
     * @throws DatabaseException {@code NOT_READY} when roles are missing and the owner may not create them, or when a
     *     table was in use all the time
     */
    public static Status migrate(String ownerUrl) {
        migrate(ownerUrl, PACKED);
        return status(ownerUrl);
    }

    static void migrate(String ownerUrl, String location) {
        DatabaseUrl owner = DatabaseUrl.parse(ownerUrl);
        Roles.ensure(owner);
        Flyway flyway = flyway(owner, location);
        for (int tries = 1; ; tries++) {
            try {
                flyway.migrate();
                return;
            } catch (FlywayException e) {
                if (!isForALock(e)) {
                    throw DatabaseException.notReady("the database could not be migrated: " + e.getMessage(), e);
                }
                if (tries == LOCK_TRIES) {
                    throw DatabaseException.notReady(
                            "the database could not be migrated: a table was in use all the time, for longer than a call"
                                    + " would: look for what holds it in pg_stat_activity, then run this again",
                            e);
                }
                pause();
            }
        }
    }

    private static boolean isForALock(FlywayException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private static void pause() {
        try {
            Thread.sleep(LOCK_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DatabaseException.notReady("interrupted while the database was migrated", e);
        }
    }

    /** Compares; any role of Recaller may ask. */
    public static Status status(String url) {
        var packed = PackedMigrations.all();
        var applied = SchemaHistory.read(DatabaseUrl.parse(url));
        SortedSet<Integer> versions = new TreeSet<>(packed.keySet());
        versions.addAll(applied.keySet());
        List<Step> steps = new ArrayList<>();
        for (int version : versions) {
            var ran = applied.get(version);
            String description = packed.get(version);
            steps.add(new Step(
                    version,
                    description == null ? requireNonNull(ran).description() : description,
                    ran == null ? null : ran.at(),
                    description != null));
        }
        boolean newer = !packed.keySet().containsAll(applied.keySet());
        boolean older = !applied.keySet().containsAll(packed.keySet());
        return new Status(newer ? State.NEW : older ? State.OLD : State.CURRENT, steps);
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
                        + (status.found() == 0 ? "none" : status.found()) + ", this program needs " + status.needed()
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

    private static Flyway flyway(DatabaseUrl url, String location) {
        String options = "options=-c%20lock_timeout=" + LOCK_WAIT.toMillis();
        String jdbcUrl = url.jdbcUrl() + (url.jdbcUrl().contains("?") ? "&" : "?") + options;
        return Flyway.configure()
                .loggers("slf4j")
                .dataSource(jdbcUrl, url.user(), url.password())
                .schemas(SCHEMA)
                .createSchemas(true)
                .locations(location)
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .load();
    }
}
