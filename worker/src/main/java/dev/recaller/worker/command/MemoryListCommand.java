package dev.recaller.worker.command;

import dev.recaller.memory.KnownCaller;
import dev.recaller.memory.Memory;
import dev.recaller.worker.control.ControlClient;
import java.io.PrintStream;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = "List the callers of an organization, who called last first.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A header and a line for each caller, with tabs between the values: memory, number, user, name, conversations,",
            "last call. \\N stands for what is not known.",
            "",
            "Examples:",
            "  recaller memory list",
            "  recaller memory list --limit 100 --after 019a0b51-77e3-7d4c-9f3e-0242ac120002",
            "  recaller memory list --json",
            "",
            "The list is noted in the audit.",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class MemoryListCommand extends ServedOperation {

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "At most so many, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--after", paramLabel = "ID", description = "Go on after this memory, the last one listed before.")
    private @Nullable UUID after;

    @Override
    int run(ControlClient client, PrintStream out) {
        if (limit < 1 || limit > 1000) {
            throw misused("--limit " + limit + " is not 1 to 1000.");
        }
        List<KnownCaller> callers = client.memories().list(after, limit);
        if (json()) {
            out.println(json(callers));
        } else {
            print(callers, out);
        }
        if (callers.size() == limit) {
            status("There may be more: --after "
                    + callers.getLast().memory().id().value());
        }
        return 0;
    }

    private static void print(List<KnownCaller> callers, PrintStream out) {
        out.println(String.join("\t", "memory", "number", "user", "name", "conversations", "last"));
        for (KnownCaller caller : callers) {
            Memory memory = caller.memory();
            out.println(String.join(
                    "\t",
                    memory.id().value().toString(),
                    text(memory.phoneNumber()),
                    text(memory.userId()),
                    text(caller.name()),
                    Long.toString(memory.conversationCount()),
                    memory.lastInteractionAt() == null ? UNKNOWN : TIME.format(memory.lastInteractionAt())));
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? UNKNOWN : value.replaceAll("[\\t\\r\\n]", " ");
    }
}
