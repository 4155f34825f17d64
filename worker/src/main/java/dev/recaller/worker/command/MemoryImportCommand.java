package dev.recaller.worker.command;

import dev.recaller.memory.privacy.ImportResult;
import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.ControlException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class MemoryImportCommand extends ServedOperation {

    @Parameters(paramLabel = "FILE", description = "One document, or one on each line.")
    private Path file = Path.of("");

    @Override
    int run(ControlClient client, PrintStream out) throws IOException, InterruptedException {
        if (!Files.isRegularFile(file)) {
            throw misused(file + ": there is no such file.");
        }
        try {
            ImportResult.Imported done = client.memories().importing(file);
            out.println(json() ? json(done) : "Imported " + done.imported() + ", already here " + done.unchanged());
            return 0;
        } catch (ControlException e) {
            if (!e.reason().equals("IMPORT_REFUSED")) {
                throw e;
            }
            if (json()) {
                out.println(json(Map.of("problems", e.mistakes())));
            }
            e.mistakes().forEach(mistake -> status(file + ": " + mistake.field() + ": " + mistake.message()));
            status("recaller: nothing was imported");
            return Main.FAILED;
        }
    }
}
