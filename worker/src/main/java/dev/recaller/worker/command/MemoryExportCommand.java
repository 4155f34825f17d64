package dev.recaller.worker.command;

import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.WhoseMemory;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description = "Write everything that is remembered of a caller, or of all callers of an organization, as JSON.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A caller is one document on one line; many callers are many lines (NDJSON). The format, its fields and its",
            "checksum are described in caller-memory.schema.json; a document says itself what it leaves out. A caller with a",
            "memory for the user and another one for the number is two lines.",
            "",
            "Examples:",
            "  recaller memory export --phone +1234567890",
            "  recaller memory export --user 4711 --out caller.json",
            "  recaller memory export --all --out callers.ndjson",
            "",
            "A file is readable by you alone, and there only when it is complete. Each caller's export is noted in the audit.",
            "Exit code 1 when nothing is remembered of the caller. With --json and --out: a summary in JSON.",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class MemoryExportCommand extends ServedOperation {

    @Mixin
    private final WhoseOptions whose = new WhoseOptions();

    @Option(names = "--all", description = "All callers of the organization.")
    private boolean all;

    @Option(names = "--out", paramLabel = "FILE", description = "Write to a file instead of standard output.")
    private @Nullable Path target;

    @Override
    int run(ControlClient client, PrintStream out) throws IOException {
        if (all == whose.isGiven()) {
            throw misused("Give --all, or one caller by --phone NUMBER, --user ID or --memory ID.");
        }
        WhoseMemory caller = all ? null : whose.whose(this);
        if (target == null) {
            long _ = client.memories().export(caller, out::println);
            return 0;
        }
        long written;
        try (var file = new NewFile(target)) {
            var progress = new Progress("memories exported");
            written = client.memories().export(caller, line -> {
                try {
                    file.line(line);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                progress.step();
            });
            file.finish();
        }
        if (json()) {
            out.println(json(Map.of("exported", written, "file", target.toString())));
        } else {
            out.println("Exported " + written + (written == 1 ? " memory to " : " memories to ") + target);
        }
        return 0;
    }
}
