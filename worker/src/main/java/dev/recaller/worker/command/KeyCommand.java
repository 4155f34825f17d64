package dev.recaller.worker.command;

import dev.recaller.sql.Database;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.ConfigurationException;
import dev.recaller.worker.Postgres;
import dev.recaller.worker.console.Terminal;
import dev.recaller.worker.control.KeyText;
import dev.recaller.worker.store.ControlAudit;
import dev.recaller.worker.store.ControlKeys;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "key",
        description = "Look after the keys of the control API.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {KeyCommand.Create.class, KeyCommand.ListKeys.class, KeyCommand.Revoke.class},
        footer = {
            "",
            "To change a key: create the next one, give it to who uses it, revoke the old one. No worker is restarted.",
            "Keys are the owner's: with a PostgreSQL of your own set RECALLER_DATABASE_OWNER_URL, as for 'recaller db'."
        })
final class KeyCommand {

    /** What it is good for. */
    enum Role {
        VIEWER,
        OPERATOR,
        ADMIN,
        INSTALLATION;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private KeyCommand() {}

    /** What an operation works with. */
    record Tools(String organizationId, ControlKeys keys, ControlAudit audit, InstantSource clock, PrintStream out) {
        void note(String action) {
            audit.note(organizationId, "operator:" + System.getProperty("user.name"), action, null, "ok");
        }
    }

    abstract static class Operation extends OrganizationCommand {

        @Option(
                names = "--installation",
                description = "Not an organization's key, but one that drains workers and tells how they are.")
        private boolean installation;

        boolean ofInstallation() {
            return installation;
        }

        @Override
        final int run(Configuration configuration) throws Exception {
            if (configuration.databaseUrl() != null && configuration.databaseOwnerUrl() == null) {
                throw new ConfigurationException(List.of(
                        "RECALLER_DATABASE_OWNER_URL is not set: the role of RECALLER_DATABASE_URL makes no keys."));
            }
            InstantSource clock = InstantSource.system();
            try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                    Database database = Database.open(postgres.ownerUrl(), 1)) {
                String organization = installation ? ControlKeys.INSTALLATION : organizationId(configuration);
                PrintStream out = Terminal.output();
                int code = run(new Tools(
                        organization, ControlKeys.in(database), ControlAudit.in(database, clock), clock, out));
                out.flush();
                return code;
            }
        }

        /** Returns the exit code. */
        abstract int run(Tools tools);
    }

    @Command(
            name = "create",
            description = "Make a key, and show it this once.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Roles, each with all before it: viewer sees calls, memories and flows; operator begins, ends and transfers calls",
                "and speaks into them; admin changes memories and flows. It is known to workers at once, and only its hash is kept.",
                "",
                "Examples:",
                "  recaller key create --role operator --note \"the switchboard\"",
                "  recaller key create --org acme --role admin --days 90",
                "  recaller key create --installation",
                "",
                "Prints the key and nothing else; --json: its id as well.",
                "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_OWNER_URL."
            })
    static final class Create extends Operation {

        @Option(names = "--role", paramLabel = "ROLE", description = "viewer, operator or admin.")
        private @Nullable Role role;

        @Option(
                names = "--days",
                paramLabel = "N",
                description = "How long it holds, in days (default: until revoked).")
        private @Nullable Integer days;

        @Option(names = "--note", paramLabel = "TEXT", description = "Who uses it, for 'recaller key list'.")
        private @Nullable String note;

        @Override
        int run(Tools tools) {
            if (ofInstallation() == (role != null)) {
                throw misused("Give --role viewer, operator or admin, or --installation.");
            }
            if (role == Role.INSTALLATION) {
                throw misused("--role installation is --installation.");
            }
            if (days != null && days < 1) {
                throw misused("--days " + days + " is less than 1.");
            }
            Instant now = tools.clock().instant();
            var made = KeyText.make();
            var key = new ControlKeys.Key(
                    tools.organizationId(),
                    made.id(),
                    (role == null ? Role.INSTALLATION : role).label(),
                    note,
                    now,
                    days == null ? null : now.plus(Duration.ofDays(days)),
                    null);
            tools.keys().add(key, made.hash());
            tools.note("key_create");
            tools.out().println(json() ? json(Map.of("id", made.id(), "key", made.shown())) : made.shown());
            return 0;
        }
    }

    @Command(
            name = "list",
            description = "List the keys of an organization, the newest first.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "A header and a line for each, with tabs between the values: id, role, whether it holds now, from, until, note. The",
                "id stands in the key, rk_ID_..., and in the audit.",
                "",
                "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_OWNER_URL."
            })
    static final class ListKeys extends Operation {

        @Override
        int run(Tools tools) {
            List<ControlKeys.Key> keys = tools.keys().list(tools.organizationId());
            Instant now = tools.clock().instant();
            if (json()) {
                tools.out()
                        .println(json(keys.stream().map(key -> line(key, now)).toList()));
                return 0;
            }
            tools.out().println(String.join("\t", "id", "role", "holds", "from", "until", "note"));
            keys.forEach(key -> tools.out()
                    .println(String.join(
                            "\t",
                            line(key, now).values().stream()
                                    .map(value -> value.replaceAll("[\\t\\r\\n]", " "))
                                    .toList())));
            return 0;
        }

        private static Map<String, String> line(ControlKeys.Key key, Instant now) {
            Map<String, String> line = new LinkedHashMap<>();
            line.put("id", key.id());
            line.put("role", key.role());
            line.put("holds", key.holdsAt(now) ? "yes" : key.revokedAt() != null ? "revoked" : "no");
            line.put("from", TIME.format(key.validFrom()));
            line.put("until", key.expiresAt() == null ? UNKNOWN : TIME.format(key.expiresAt()));
            line.put("note", key.note() == null ? UNKNOWN : key.note());
            return line;
        }
    }

    @Command(
            name = "revoke",
            description = "End a key; workers refuse it within two seconds.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example:",
                "  recaller key revoke 0a1b2c3d4e5f",
                "",
                "Exit code 1 when the organization has no such key that was not revoked before.",
                "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_OWNER_URL."
            })
    static final class Revoke extends Operation {

        @Parameters(paramLabel = "ID", description = "The key's id.")
        private String id = "";

        @Override
        int run(Tools tools) {
            if (!tools.keys().revoke(tools.organizationId(), id, tools.clock().instant())) {
                status("recaller: there is no key " + id + " to revoke: 'recaller key list' shows them");
                return Main.FAILED;
            }
            tools.note("key_revoke");
            tools.out().println(json() ? json(Map.of("id", id, "revoked", true)) : "Key " + id + " is revoked.");
            return 0;
        }
    }
}
