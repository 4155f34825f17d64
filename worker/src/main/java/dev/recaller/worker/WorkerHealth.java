package dev.recaller.worker;

import dev.recaller.sql.Database;
import dev.recaller.sql.DatabaseException;
import dev.recaller.worker.telemetry.Health;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Whether this worker can take calls. Any thread; asks the database, for two seconds at most. */
final class WorkerHealth implements Health {
    private static final int DATABASE_LIMIT_SECONDS = 2;

    private final Database database;
    private final Supplier<List<String>> failing;
    private final BooleanSupplier closedToCalls;
    private final BooleanSupplier registered;
    private final BooleanSupplier panicked;

    /**
     * Of these parts.
     *
     * @param failing what calls do without now
     * @param closedToCalls whether none is taken, on purpose
     * @param registered whether LiveKit knows us
     * @param panicked whether the native core did
     */
    WorkerHealth(
            Database database,
            Supplier<List<String>> failing,
            BooleanSupplier closedToCalls,
            BooleanSupplier registered,
            BooleanSupplier panicked) {
        this.database = database;
        this.failing = failing;
        this.closedToCalls = closedToCalls;
        this.registered = registered;
        this.panicked = panicked;
    }

    @Override
    public boolean alive() {
        return !panicked.getAsBoolean();
    }

    @Override
    public List<String> notReady() {
        var reasons = new ArrayList<String>();
        if (!alive()) {
            reasons.add("the native core panicked");
        }
        if (!registered.getAsBoolean()) {
            reasons.add("not registered at LiveKit");
        }
        if (closedToCalls.getAsBoolean()) {
            reasons.add("draining");
        }
        if (!databaseAnswers()) {
            reasons.add("the database does not answer");
        }
        return reasons;
    }

    @Override
    public List<String> failing() {
        return failing.get();
    }

    private boolean databaseAnswers() {
        try (var connection = database.connection()) {
            return connection.isValid(DATABASE_LIMIT_SECONDS);
        } catch (DatabaseException | SQLException e) {
            return false;
        }
    }
}
