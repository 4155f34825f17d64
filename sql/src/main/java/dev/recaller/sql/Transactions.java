package dev.recaller.sql;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Transactions of one organization each: row-level security shows and takes nothing else. A transaction that lost against
 * another one (serialization failure, deadlock) runs again, so its work must be free of other effects. The server ends one that
 * holds its rows and asks nothing for two seconds. Blocks; for use by any thread. Failures of the database are
 * {@link DatabaseException}s.
 */
public final class Transactions {

    /** Runs in one transaction; the connection ends with it. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T in(DSLContext transaction);
    }

    private static final Set<String> RUN_AGAIN = Set.of("40001", "40P01");
    private static final String NO_ORGANIZATION = "";
    private static final int ATTEMPTS = 5;
    private static final Duration NO_LIMIT = Duration.ZERO;
    /** Who says nothing for so long in the middle of a transaction is gone, or is out of reach, and others wait for its rows. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private static final Settings SETTINGS = new Settings().withExecuteLogging(false);

    private final DataSource pool;
    private final Duration patience;
    /**
     * A place for each connection, in the order they are asked for. The pool alone is not fair: who gives a connection back
     * and wants one again is faster than a virtual thread that has yet to wake, and under load most would wait in vain.
     */
    private final Semaphore places;

    /**
     * @param connections that the pool has at most
     * @param patience how long to wait for one of them
     */
    Transactions(DataSource pool, int connections, Duration patience) {
        this.pool = pool;
        this.patience = patience;
        this.places = new Semaphore(connections, true);
    }

    public <T extends @Nullable Object> T run(String organizationId, Work<T> work) {
        return attempt(organizationId, false, NO_LIMIT, work);
    }

    /** Of no organization: only tables without row-level security have rows then. */
    public <T extends @Nullable Object> T runOutside(Work<T> work) {
        return attempt(NO_ORGANIZATION, false, NO_LIMIT, work);
    }

    /** Reads only; the server refuses writes. */
    public <T extends @Nullable Object> T read(String organizationId, Work<T> work) {
        return attempt(organizationId, true, NO_LIMIT, work);
    }

    /**
     * Reads within a hard limit: returns or throws {@link DatabaseException.Code#TIMEOUT} when {@code budget} is over, even
     * when the server does not answer at all. What is still running then ends by its own statement timeout.
     */
    public <T extends @Nullable Object> T read(String organizationId, Duration budget, Work<T> work) {
        if (budget.toMillis() < 1) {
            throw new IllegalArgumentException("budget: " + budget + " is under a millisecond");
        }
        var reading = new FutureTask<T>(() -> attempt(organizationId, true, budget, work));
        Thread.ofVirtual().name("recaller-read").start(reading);
        try {
            return reading.get(budget.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw DatabaseException.timeout(budget);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DatabaseException.timeout(budget);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new AssertionError("reading throws nothing else", e);
        }
    }

    private <T extends @Nullable Object> T attempt(
            String organizationId, boolean readOnly, Duration budget, Work<T> work) {
        requireNonNull(organizationId, "organizationId is null");
        List<Throwable> earlier = new ArrayList<>();
        while (true) {
            DatabaseException failure;
            try {
                return once(organizationId, readOnly, budget, work);
            } catch (SQLException e) {
                failure = DatabaseException.of(e);
            } catch (DataAccessException e) {
                failure = DatabaseException.of(e);
            }
            String sqlState = failure.sqlState();
            if (sqlState == null || !RUN_AGAIN.contains(sqlState) || earlier.size() + 1 == ATTEMPTS || !pause()) {
                earlier.forEach(failure::addSuppressed);
                throw failure;
            }
            earlier.add(failure);
        }
    }

    private <T extends @Nullable Object> T once(String organizationId, boolean readOnly, Duration budget, Work<T> work)
            throws SQLException {
        try (Place _ = place();
                Connection connection = pool.getConnection()) {
            connection.setReadOnly(readOnly);
            try {
                begin(connection, organizationId, budget, readOnly ? NO_LIMIT : SILENCE);
                T result = work.in(DSL.using(connection, SQLDialect.POSTGRES, SETTINGS));
                connection.commit();
                return result;
            } catch (Throwable failure) {
                try {
                    connection.rollback();
                } catch (SQLException e) {
                    failure.addSuppressed(e);
                }
                throw failure;
            }
        }
    }

    private Place place() throws SQLException {
        try {
            if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new SQLTransientConnectionException(
                        "no connection became free within " + patience.toMillis() + " ms");
            }
            return places::release;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted while waiting for a connection", e);
        }
    }

    private interface Place extends AutoCloseable {
        @Override
        void close();
    }

    private static void begin(Connection connection, String organizationId, Duration budget, Duration silence)
            throws SQLException {
        try (PreparedStatement settings = connection.prepareStatement(
                "select set_config('recaller.organization_id', ?, true), set_config('statement_timeout', ?, true),"
                        + " set_config('idle_in_transaction_session_timeout', ?, true)")) {
            settings.setString(1, organizationId);
            settings.setString(2, Long.toString(budget.toMillis()));
            settings.setString(3, Long.toString(silence.toMillis()));
            settings.execute();
        }
    }

    /** For a random time: two that lost against each other would else meet again. */
    private static boolean pause() {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(1, 20));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
