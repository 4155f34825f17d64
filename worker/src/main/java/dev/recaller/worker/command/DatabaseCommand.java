package dev.recaller.worker.command;

import dev.recaller.sql.Migrations;
import dev.recaller.sql.Migrations.State;
import dev.recaller.sql.Migrations.Status;
import dev.recaller.sql.Migrations.Step;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.ConfigurationException;
import dev.recaller.worker.Postgres;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

@Command(
        name = "db",
        description = "Look after the database.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DatabaseCommand.Show.class, DatabaseCommand.Migrate.class})
final class DatabaseCommand {

    @Command(
            name = "status",
            description =
                    "Say which migrations the database has and lacks, and whether this program's worker may run on it.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example:",
                "  recaller db status && recaller worker",
                "",
                "Exit codes: 0 it may, 1 it may not, 2 wrong arguments or settings."
            })
    static final class Show extends RecallerCommand {

        @Override
        int run(Configuration configuration) {
            String workers = configuration.databaseUrl();
            String url = workers == null ? configuration.databaseOwnerUrl() : workers;
            if (url == null) {
                try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status)) {
                    return report(Migrations.status(postgres.ownerUrl()));
                }
            }
            int code = report(Migrations.status(url));
            if (code == 0 && workers != null) {
                Migrations.check(workers); // its role, too
            }
            return code;
        }
    }

    @Command(
            name = "migrate",
            description = "Bring the database to the version this program needs, while workers run.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example:",
                "  export RECALLER_DATABASE_OWNER_URL=postgresql://recaller_owner:PASSWORD@HOST:5432/DATABASE",
                "  recaller db migrate",
                "",
                "The PostgreSQL in RECALLER_HOME is migrated whenever it is opened. For another one set",
                "RECALLER_DATABASE_OWNER_URL, with a role that may create tables and, the first time, roles. Workers of the",
                "version before may take calls meanwhile: no write of theirs waits longer than a second."
            })
    static final class Migrate extends RecallerCommand {

        @Override
        int run(Configuration configuration) {
            String ownerUrl = configuration.databaseOwnerUrl();
            if (ownerUrl != null) {
                return report(Migrations.migrate(ownerUrl));
            }
            if (configuration.databaseUrl() != null) {
                throw new ConfigurationException(
                        List.of(
                                "RECALLER_DATABASE_OWNER_URL is not set: the role of RECALLER_DATABASE_URL may not change tables."));
            }
            try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status)) {
                return report(Migrations.status(postgres.ownerUrl()));
            }
        }
    }

    private static int report(Status status) {
        for (Step step : status.steps()) {
            String state = step.at() == null
                    ? "to be run"
                    : "ran at " + step.at().truncatedTo(ChronoUnit.SECONDS)
                            + (step.known() ? "" : ", of a newer program");
            System.out.printf(Locale.ROOT, "%4d  %-20s  %s%n", step.version(), step.description(), state);
        }
        System.out.println("version " + (status.found() == 0 ? "none" : status.found()) + ", needed " + status.needed()
                + ": "
                + switch (status.state()) {
                    case CURRENT -> "up to date, the worker may run";
                    case OLD -> "the worker may not run: run 'recaller db migrate'";
                    case NEW -> "migrated by a newer program: workers of this one that run may go on, none may start";
                });
        return status.state() == State.CURRENT ? 0 : Main.FAILED;
    }
}
