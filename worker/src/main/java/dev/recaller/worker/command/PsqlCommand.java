package dev.recaller.worker.command;

import dev.recaller.sql.Database;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.Postgres;
import dev.recaller.worker.console.Lines;
import dev.recaller.worker.console.Terminal;
import dev.recaller.worker.psql.Psql;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "psql",
        description = "Ask the database in SQL, as the operator: all organizations are seen, nothing can be written.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  recaller psql \"SELECT * FROM user_memory WHERE phone_number = '+1234567890'\"",
            "  recaller psql \"SELECT * FROM memory_chunks WHERE memory_id = '...'\"",
            "  recaller psql \"SELECT * FROM entities WHERE memory_id = '...'\"",
            "  recaller psql < statements.sql",
            "",
            "Without SQL, statements are read from standard input; each ends with a semicolon, \\dt lists the tables,",
            "\\q ends. A terminal gets tables. A pipe gets a header and rows with tabs between the values, written as",
            "in PostgreSQL's COPY: \\N for null, \\t \\n \\\\ for what a line cannot hold.",
            "",
            "Settings: RECALLER_HOME (whose PostgreSQL to ask), or RECALLER_DATABASE_URL with the role recaller_reader:",
            "  postgresql://recaller_reader:PASSWORD@HOST:5432/DATABASE"
        })
final class PsqlCommand extends RecallerCommand {

    @Parameters(arity = "0..1", paramLabel = "SQL", description = "One or more statements.")
    private @Nullable String sql;

    @Option(
            names = {"-t", "--table"},
            description = "Print tables into a pipe too.")
    private boolean table;

    @Override
    int run(Configuration configuration) throws Exception {
        PrintStream out = Terminal.output();
        boolean person = Terminal.isInteractive();
        try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                Database database = postgres.forReading();
                Connection connection = database.connection()) {
            Psql psql = new Psql(connection, out, table || person);
            if (psql.seesNoOrganization()) {
                status("Note: this role sees no organization's rows: name recaller_reader in RECALLER_DATABASE_URL.");
            }
            if (sql != null) {
                psql.run(sql);
                return 0;
            }
            return psql.read(new Lines(Terminal.input()), person ? System.err : null, System.err) ? 0 : Main.FAILED;
        } catch (SQLException e) {
            status(String.valueOf(e.getMessage()));
            return Main.FAILED;
        } finally {
            out.flush();
        }
    }
}
