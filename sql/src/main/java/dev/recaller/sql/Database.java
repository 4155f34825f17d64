package dev.recaller.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** A pool of connections to one database as one role. Safe for use by any number of (virtual) threads. */
public final class Database implements AutoCloseable {

    static {
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
    }

    private static final int CONNECTIONS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HikariDataSource pool;
    private final Transactions transactions;

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.transactions = new Transactions(pool, pool.getMaximumPoolSize(), PATIENCE);
    }

    /**
     * Connects.
     *
     * @param url {@code postgresql://user:password@host:port/name}, {@code jdbc:} in front or not
     * @throws IllegalArgumentException when the URL is none
     * @throws DatabaseException when nothing answers there
     */
    public static Database open(String url) {
        return open(url, CONNECTIONS);
    }

    /** Connects with at most so many connections. */
    public static Database open(String url, int connections) {
        DatabaseUrl where = DatabaseUrl.parse(url);
        var config = new HikariConfig();
        config.setPoolName("recaller-" + where.user());
        config.setJdbcUrl(where.jdbcUrl());
        config.setUsername(where.user());
        config.setPassword(where.password());
        config.setAutoCommit(false);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(Math.min(2, connections));
        config.setConnectionTimeout(PATIENCE.toMillis());
        config.addDataSourceProperty("currentSchema", Migrations.SCHEMA);
        config.addDataSourceProperty("ApplicationName", "recaller");
        config.addDataSourceProperty("connectTimeout", PATIENCE.toSeconds());
        // A server that vanished without a word: longer than any statement of ours, shorter than for ever.
        config.addDataSourceProperty("socketTimeout", Duration.ofMinutes(1).toSeconds());
        config.addDataSourceProperty("tcpKeepAlive", true);
        // From a statement's second use on a connection it is prepared and its columns are binary: vectors as text are
        // twice as long.
        config.addDataSourceProperty("prepareThreshold", 1);
        // Details quote the row: what a caller said must not reach a log.
        config.addDataSourceProperty("logServerErrorDetail", false);
        try {
            return new Database(new HikariDataSource(config));
        } catch (PoolInitializationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw DatabaseException.unavailable(
                    "cannot connect to the database " + where + ": " + cause.getMessage(), cause);
        }
    }

    public Transactions transactions() {
        return transactions;
    }

    /**
     * The pool, for a library that keeps a table of no organization (jobs). Outside any organization nothing under row-level
     * security is there. Autocommit is off. Not to be closed.
     */
    public DataSource dataSource() {
        return pool;
    }

    /** A connection for statements an operator typed; outside any organization, autocommit off. Close it. */
    public Connection connection() {
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            throw DatabaseException.of(e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
