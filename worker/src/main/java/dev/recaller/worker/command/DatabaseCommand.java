package dev.recaller.worker.command;

import dev.recaller.sql.Migrations;
import dev.recaller.sql.Migrations.State;
import dev.recaller.sql.Migrations.Status;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.ConfigurationException;
import dev.recaller.worker.Postgres;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "db",
        description = "Look after the database.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = DatabaseCommand.Migrate.class)
final class DatabaseCommand {

    @Command(
            name = "migrate",
            description = "Bring the database to the version this program needs.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Examples:",
                "  recaller db migrate --status",
                "  RECALLER_DATABASE_OWNER_URL=postgresql://recaller_owner:PASSWORD@HOST:5432/DATABASE recaller db migrate",
                "",
                "The PostgreSQL in RECALLER_HOME is migrated whenever it is opened. For another one set",
                "RECALLER_DATABASE_OWNER_URL, with a role that may create tables and, the first time, roles."
            })
    static final class Migrate extends RecallerCommand {

        @Option(
                names = "--status",
                description = "Only say which version it has; exit code 1 when it is not the needed one.")
        private boolean status;

        @Override
        int run(Configuration configuration) {
            String ownerUrl = configuration.databaseOwnerUrl();
            String url = ownerUrl == null && status ? configuration.databaseUrl() : ownerUrl;
            if (url == null && configuration.databaseUrl() != null) {
                throw new ConfigurationException(
                        List.of(
                                "RECALLER_DATABASE_OWNER_URL is not set: the role of RECALLER_DATABASE_URL may not change tables."));
            }
            if (url != null) {
                return report(status ? Migrations.status(url) : Migrations.migrate(url));
            }
            try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status)) {
                return report(Migrations.status(postgres.ownerUrl()));
            }
        }

        private static int report(Status status) {
            String found = status.found() == null ? "none" : status.found();
            System.out.println("version " + found + ", needed " + status.needed() + ": "
                    + switch (status.state()) {
                        case CURRENT -> "up to date";
                        case OLD -> "to be migrated";
                        case NEW -> "migrated by a newer program";
                    });
            return status.state() == State.CURRENT ? 0 : Main.FAILED;
        }
    }
}
