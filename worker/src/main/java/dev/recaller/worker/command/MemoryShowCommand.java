package dev.recaller.worker.command;

import dev.recaller.memory.Recollection;
import dev.recaller.memory.Speaker;
import dev.recaller.worker.control.ControlClient;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class MemoryShowCommand extends ServedOperation {

    @Mixin
    private final CallerOptions caller = new CallerOptions();

    @Override
    int run(ControlClient client, PrintStream out) {
        Recollection recollection = client.memories().show(caller.caller(this));
        if (json()) {
            out.println(json(recollection));
        } else {
            print(recollection, out);
        }
        return 0;
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
                .forEach(preference -> out.println("Preference: " + preference.key() + " = " + preference.value() + " ("
                        + preference.category() + ")"));
        recollection
                .entities()
                .forEach(entity -> out.println(
                        "Knows: " + entity.name() + " (" + entity.type().name().toLowerCase(Locale.ROOT)
                                + (entity.role() == null ? "" : ", " + entity.role()) + "), mentioned "
                                + entity.mentionCount() + "x"));
        recollection
                .items()
                .forEach(item -> out.println(TIME.format(item.saidAt()) + " " + speaker(item.speaker()) + item.text()));
    }

    private static String speaker(@Nullable Speaker speaker) {
        return speaker == null ? "" : speaker.name().toLowerCase(Locale.ROOT) + ": ";
    }
}
