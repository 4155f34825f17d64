package dev.recaller.worker.command;

import dev.recaller.memory.MemoryId;
import dev.recaller.memory.privacy.CallerExport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL."
        })
final class MemoryExportCommand extends MemoryOperation {

    @Mixin
    private final WhoseOptions whose = new WhoseOptions();

    @Option(names = "--all", description = "All callers of the organization.")
    private boolean all;

    @Option(names = "--out", paramLabel = "FILE", description = "Write to a file instead of standard output.")
    private @Nullable Path out;

    @Override
    int run(Tools tools) throws IOException {
        if (all == whose.isGiven()) {
            throw misused("Give --all, or one caller by --phone NUMBER, --user ID or --memory ID.");
        }
        List<MemoryId> memories = all ? List.of() : whose.memories(this, tools);
        if (!all && memories.isEmpty()) {
            status("recaller: nothing is remembered of this caller");
            return Main.FAILED;
        }
        if (out == null) {
            write(tools, memories, tools.out()::println);
            return 0;
        }
        long written;
        try (var file = new NewFile(out)) {
            written = write(tools, memories, line -> {
                try {
                    file.line(line);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            file.finish();
        }
        if (json()) {
            tools.out().println(json(Map.of("exported", written, "file", out.toString())));
        } else {
            tools.out().println("Exported " + written + (written == 1 ? " memory to " : " memories to ") + out);
        }
        return 0;
    }

    private long write(Tools tools, List<MemoryId> memories, Consumer<String> line) {
        var exporting = new CallerExport(tools.database(), tools.clock());
        if (all) {
            var progress = new Progress("memories exported");
            return exporting.exportAll(tools.organizationId(), tools.actor(), document -> {
                line.accept(document);
                progress.step();
            });
        }
        memories.forEach(memory -> line.accept(exporting.export(memory, tools.actor())));
        return memories.size();
    }
}
