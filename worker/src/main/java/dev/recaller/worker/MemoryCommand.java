package dev.recaller.worker;

import dev.recaller.memory.Assurance;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Query;
import dev.recaller.memory.Recollection;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.sql.Database;
import dev.recaller.worker.caller.CallerId;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "memory",
        description = "Look into what is remembered.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = MemoryCommand.Show.class)
final class MemoryCommand {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Command(
            name = "show",
            description = "Show what is remembered of a caller.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Examples:",
                "  recaller memory show --phone +1234567890",
                "  recaller memory show --user 4711 --org acme --json",
                "",
                "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL."
            })
    static final class Show extends RecallerCommand {

        private static final Duration PATIENCE = Duration.ofSeconds(30);
        private static final int MOST = 100;

        @Option(names = "--phone", paramLabel = "NUMBER", description = "The caller's number, + first.")
        private @Nullable String phone;

        @Option(names = "--user", paramLabel = "ID", description = "The organization's own id of the caller.")
        private @Nullable String user;

        @Option(names = "--org", paramLabel = "ID", description = "The organization instead of RECALLER_ORGANIZATION.")
        private @Nullable String organization;

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean json;

        @Override
        int run(Configuration configuration) {
            MemoryIdentity identity = identity(organization == null ? configuration.organizationId() : organization);
            try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                    Database database = postgres.forWork()) {
                Recollection recollection = new UnifiedMemoryService(database, InstantSource.system())
                        .recall(identity, new Query(null, MOST, Assurance.VERIFIED), PATIENCE);
                PrintStream out = Terminal.output();
                if (json) {
                    out.println(new JsonMapper().writeValueAsString(recollection));
                } else {
                    print(recollection, out);
                }
                out.flush();
            }
            return 0;
        }

        private MemoryIdentity identity(String organizationId) {
            if (phone == null && user == null) {
                throw misused("Give --phone NUMBER, --user ID or both.");
            }
            String number = phone == null ? null : CallerId.of(phone, "ZZ").phoneNumber();
            if (phone != null && number == null) {
                throw misused("--phone " + phone + " is not an international number like +1234567890.");
            }
            return new MemoryIdentity(organizationId, user, number);
        }

        private static void print(Recollection recollection, PrintStream out) {
            if (recollection.isEmpty()) {
                out.println("Nothing is remembered.");
                return;
            }
            out.println("Name: " + recollection.name().orElse("none to greet by"));
            out.println("Conversations: " + recollection.conversationCount()
                    + (recollection.lastCallAt() == null ? "" : ", last " + TIME.format(recollection.lastCallAt())));
            recollection
                    .preferences()
                    .forEach(preference -> out.println("Preference: " + preference.key() + " = " + preference.value()
                            + " (" + preference.category() + ")"));
            recollection
                    .entities()
                    .forEach(entity -> out.println("Knows: " + entity.name() + " ("
                            + entity.type().name().toLowerCase(Locale.ROOT)
                            + (entity.role() == null ? "" : ", " + entity.role()) + "), mentioned "
                            + entity.mentionCount() + "x"));
            recollection
                    .items()
                    .forEach(item ->
                            out.println(TIME.format(item.saidAt()) + " " + speaker(item.speaker()) + item.text()));
        }

        private static String speaker(@Nullable Speaker speaker) {
            return speaker == null ? "" : speaker.name().toLowerCase(Locale.ROOT) + ": ";
        }
    }
}
