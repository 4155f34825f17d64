package dev.recaller.worker.command;

import dev.recaller.memory.merge.Restored;
import dev.recaller.worker.control.ControlClient;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description = "Recall again what was set aside when a number seemed to have a new owner.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "After 180 days of silence another name on the same number is taken for another person: what was remembered before",
            "is kept, not recalled. When it was the same person after all, this brings it back.",
            "",
            "Examples:",
            "  recaller memory restore +1234567890",
            "  recaller memory restore 019a5f30-6d2c-7000-8f6e-0c7a3d1b2e4f --org acme",
            "",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class MemoryRestoreCommand extends ServedOperation {

    @Parameters(paramLabel = "MEMORY", description = "A memory's id, a number (+ first) or a user's id.")
    @SuppressWarnings("NullAway.Init")
    private String memory;

    @Override
    int run(ControlClient client, PrintStream out) {
        Optional<Restored> restored = client.memories().restore(WhoseOptions.named(this, "MEMORY", memory));
        if (json()) {
            out.println(json(Map.of("restored", restored.isPresent(), "detail", restored)));
            return 0;
        }
        out.println(restored.map(MemoryRestoreCommand::told)
                .orElse("Nothing was set aside: all of it is recalled already."));
        return 0;
    }

    private static String told(Restored restored) {
        return restored.chunks() + " chunks from before " + TIME.format(restored.setAsideBefore())
                + " are recalled again."
                + (restored.names().size() > 1
                        ? " The number has several names now (" + String.join(", ", restored.names())
                                + "): nobody is greeted by one until it is said."
                        : "");
    }
}
