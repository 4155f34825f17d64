package dev.recaller.sql;

import java.sql.SQLException;
import java.time.Duration;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** The database could not do it. The transaction, if there was one, was rolled back. */
public final class DatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public enum Code {
        /** It cannot be reached, or broke while it worked. */
        UNAVAILABLE,
        /** The time allowed ran out. */
        TIMEOUT,
        /** It refused what it was asked: a constraint, a privilege. */
        REFUSED,
        /** It is not set up as this program needs it; the message says what to do. */
        NOT_READY
    }

    private static final String QUERY_CANCELED = "57014";

    private final Code code;
    private final @Nullable String sqlState;

    private DatabaseException(Code code, String message, @Nullable String sqlState, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.sqlState = sqlState;
    }

    static DatabaseException of(SQLException failure) {
        String sqlState = failure.getSQLState();
        return new DatabaseException(codeOf(sqlState), message(failure), sqlState, failure);
    }

    static DatabaseException of(DataAccessException failure) {
        SQLException cause = failure.getCause(SQLException.class);
        if (cause != null) {
            return of(cause);
        }
        return new DatabaseException(Code.REFUSED, message(failure), null, failure);
    }

    static DatabaseException unavailable(String message, Throwable cause) {
        return new DatabaseException(Code.UNAVAILABLE, message, null, cause);
    }

    static DatabaseException timeout(Duration budget) {
        return new DatabaseException(
                Code.TIMEOUT, "the database did not answer within " + budget.toMillis() + " ms", null, null);
    }

    static DatabaseException notReady(String message) {
        return new DatabaseException(Code.NOT_READY, message, null, null);
    }

    static DatabaseException notReady(String message, Throwable cause) {
        return new DatabaseException(Code.NOT_READY, message, null, cause);
    }

    public Code code() {
        return code;
    }

    /** PostgreSQL's five characters, for example {@code 23505}; null when it was not the server that failed. */
    public @Nullable String sqlState() {
        return sqlState;
    }

    private static Code codeOf(@Nullable String sqlState) {
        if (sqlState == null || sqlState.startsWith("08") || sqlState.startsWith("57P") || sqlState.startsWith("53")) {
            return Code.UNAVAILABLE;
        }
        return sqlState.equals(QUERY_CANCELED) ? Code.TIMEOUT : Code.REFUSED;
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
