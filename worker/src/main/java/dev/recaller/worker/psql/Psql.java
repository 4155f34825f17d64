package dev.recaller.worker.psql;

import dev.recaller.worker.console.Lines;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Runs what an operator typed and prints what PostgreSQL answered, in its own notation of times, arrays and JSON. Reads
 * only: every transaction is a read-only one, whatever the role may.
 */
public final class Psql {

    private static final String TABLES =
            "SELECT table_name AS \"table\" FROM information_schema.tables WHERE table_schema = 'recaller' ORDER BY 1";

    private final Connection connection;
    private final PrintStream out;
    private final boolean aligned;

    /**
     * Prepares the connection, which stays the caller's to close.
     *
     * @param aligned tables for people; otherwise a header and rows with tabs between the values, for programs
     */
    public Psql(Connection connection, PrintStream out, boolean aligned) throws SQLException {
        this.connection = connection;
        this.out = out;
        this.aligned = aligned;
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
    }

    /** True when row-level security hides every row from this role, unless an organization is set. */
    public boolean seesNoOrganization() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet role = statement.executeQuery(
                        "SELECT NOT (rolbypassrls OR rolsuper) FROM pg_roles WHERE rolname = current_user")) {
            return role.next() && role.getBoolean(1);
        } finally {
            connection.rollback();
        }
    }

    /** Runs one or more statements, separated by semicolons, in one transaction. An interrupt cancels them. */
    public void run(String sql) throws SQLException, InterruptedException {
        try (Statement statement = connection.createStatement()) {
            FutureTask<@Nullable Void> running = new FutureTask<>(() -> {
                execute(statement, sql);
                return null;
            });
            Thread.ofVirtual().start(running); // waiting for the server cannot be interrupted, waiting for this can
            try {
                running.get();
            } catch (InterruptedException e) {
                statement.cancel();
                throw e;
            } catch (ExecutionException e) {
                throw failure(e);
            }
        } finally {
            connection.rollback(); // nothing was written, so nothing is kept
        }
    }

    private void execute(Statement statement, String sql) throws SQLException {
        boolean hasRows = statement.execute(sql);
        while (hasRows || statement.getUpdateCount() >= 0) {
            if (hasRows) {
                try (ResultSet rows = statement.getResultSet()) {
                    print(Result.of(rows));
                }
            }
            hasRows = statement.getMoreResults();
        }
        out.flush();
    }

    private static SQLException failure(ExecutionException e) {
        return switch (e.getCause()) {
            case SQLException failure -> failure;
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case null, default -> throw new AssertionError("a statement throws nothing else", e);
        };
    }

    /**
     * Reads statements until the input ends or says {@code \q}; each ends with a semicolon at the end of a line.
     *
     * @param prompts where to ask for more, when a person types; then a failed statement does not end the session
     * @return whether all statements succeeded
     */
    public boolean read(Lines in, @Nullable PrintStream prompts, PrintStream errors) throws InterruptedException {
        boolean good = true;
        StringBuilder statement = new StringBuilder();
        while (good || prompts != null) {
            prompt(prompts, statement.isEmpty() ? "recaller=> " : "recaller-> ");
            String line = in.next();
            String command = line == null ? "\\q" : line.strip();
            if (statement.isEmpty() && (command.equals("\\q") || command.equals("exit") || command.equals("quit"))) {
                break;
            }
            if (statement.isEmpty() && command.startsWith("\\")) {
                good &= backslash(command, errors);
                continue;
            }
            if (line != null) {
                statement.append(line).append('\n');
            }
            if (line == null || (command.endsWith(";") && !insideQuotes(statement))) {
                if (!statement.toString().isBlank()) {
                    good &= attempt(statement.toString(), errors);
                }
                statement.setLength(0);
            }
            if (line == null) {
                break;
            }
        }
        return good;
    }

    private void print(Result result) {
        if (aligned) {
            result.printTable(out);
        } else {
            result.printTabs(out);
        }
    }

    private boolean backslash(String command, PrintStream errors) throws InterruptedException {
        if (command.equals("\\dt")) {
            return attempt(TABLES, errors);
        }
        errors.println(
                "There are \\dt (the tables) and \\q (the end); everything else is SQL and ends with a semicolon.");
        return command.equals("\\?");
    }

    private boolean attempt(String sql, PrintStream errors) throws InterruptedException {
        try {
            run(sql);
            return true;
        } catch (SQLException e) {
            errors.println(e.getMessage());
            return false;
        }
    }

    private static void prompt(@Nullable PrintStream prompts, String text) {
        if (prompts != null) {
            prompts.print(text);
            prompts.flush();
        }
    }

    private static boolean insideQuotes(CharSequence sql) {
        return sql.chars().filter(character -> character == '\'').count() % 2 == 1;
    }
}
