package dev.recaller.worker.command;

import dev.recaller.memory.MemoryChunk;
import dev.recaller.memory.Scored;
import dev.recaller.worker.control.ControlClient;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "search",
        description = "Search what is remembered of a caller, by its words.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Prints the best first: score, time, kind or speaker, words, with tabs between them.",
            "",
            "Examples:",
            "  recaller memory search \"which hotel\" --phone +1234567890",
            "  recaller memory search invoice --user 4711 --limit 3 --json",
            "",
            "The search is noted in the audit, without its words.",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class MemorySearchCommand extends ServedOperation {

    @Parameters(paramLabel = "TEXT", description = "What to look for.")
    private String text = "";

    @Mixin
    private final WhoseOptions whose = new WhoseOptions();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "At most so many, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    int run(ControlClient client, PrintStream out) {
        if (limit < 1 || limit > 1000) {
            throw misused("--limit " + limit + " is not 1 to 1000.");
        }
        List<Scored<MemoryChunk>> best = client.memories().search(whose.whose(this), text, limit);
        if (json()) {
            out.println(json(best));
        } else if (best.isEmpty()) {
            status("Nothing is found.");
        }
        if (!json()) {
            best.forEach(scored -> out.println(line(scored)));
        }
        return 0;
    }

    private static String line(Scored<MemoryChunk> scored) {
        MemoryChunk chunk = scored.value();
        Enum<?> kind = chunk.speaker() == null ? chunk.type() : chunk.speaker();
        return String.join(
                "\t",
                String.format(Locale.ROOT, "%.3f", scored.score()),
                TIME.format(chunk.saidAt()),
                kind.name().toLowerCase(Locale.ROOT),
                chunk.content().replaceAll("[\\t\\r\\n]", " "));
    }
}
