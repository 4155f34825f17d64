package dev.recaller.worker.command;

import dev.recaller.memory.privacy.CallerImport;
import dev.recaller.memory.privacy.ImportResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = "Take in callers that 'recaller memory export' wrote, into this organization.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The whole file is checked before anything is changed. Refused are files of another format or a newer version,",
            "damaged or edited ones, callers who are here already in another state, and what was said before a caller was",
            "erased. A caller who is here just as in the file stays as it is, so importing twice changes nothing. Consents are",
            "not taken in: sharing must be agreed to anew.",
            "",
            "Examples:",
            "  recaller memory import caller.json",
            "  recaller memory import callers.ndjson --org acme --json",
            "",
            "Prints each problem as LINE: POINTER: what is wrong - what to do; exit code 1 when there is one.",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL."
        })
final class MemoryImportCommand extends MemoryOperation {

    @Parameters(paramLabel = "FILE", description = "One document, or one on each line.")
    private Path file = Path.of("");

    @Override
    int run(Tools tools) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw misused(file + ": there is no such file.");
        }
        ImportResult result = new CallerImport(tools.database(), tools.clock(), tools.hash())
                .run(tools.organizationId(), file, tools.actor());
        if (json()) {
            tools.out().println(json(result));
        }
        return switch (result) {
            case ImportResult.Imported done -> {
                if (!json()) {
                    tools.out().println("Imported " + done.imported() + ", already here " + done.unchanged());
                }
                yield 0;
            }
            case ImportResult.Refused refused -> {
                refused.problems().forEach(problem -> status(file + ": " + problem));
                status("recaller: nothing was imported");
                yield Main.FAILED;
            }
        };
    }
}
