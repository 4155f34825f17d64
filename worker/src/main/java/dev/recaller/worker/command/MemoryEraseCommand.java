package dev.recaller.worker.command;

import dev.recaller.memory.privacy.Erased;
import dev.recaller.worker.console.Terminal;
import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.WhoseMemory;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "erase",
        description = "Forget a caller for good.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Deletes memories, vectors, calls, jobs, journals and consents in one transaction and prints a receipt that does not",
            "say who it was. Turns said before, late jobs and imports of older exports are stopped from then on; a caller who",
            "calls again starts anew. Recordings are deleted by a worker within a minute, or when their storage answers again.",
            "Exports and copies of recordings are files: delete them yourself. Backups of the database keep the caller until they",
            "are gone.",
            "",
            "Examples:",
            "  recaller memory erase --phone +1234567890 --dry-run",
            "  recaller memory erase --phone +1234567890",
            "  recaller memory erase --user 4711 --yes --json",
            "",
            "Exit code 1 when nothing was erased: you said no, or several users share the number.",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HASH_KEY, RECALLER_HOME or RECALLER_DATABASE_URL;",
            "or RECALLER_SERVER with RECALLER_KEY."
        })
final class MemoryEraseCommand extends ServedOperation {

    @Mixin
    private final WhoseOptions whose = new WhoseOptions();

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Option(names = "--dry-run", description = "Only say what would be deleted.")
    private boolean dryRun;

    @Override
    int run(ControlClient client, PrintStream out) throws IOException {
        WhoseMemory caller = whose.whose(this);
        if (!dryRun && !yes && !Terminal.isInteractive()) {
            throw misused("Nobody is there to be asked: give --yes, or --dry-run to see what would be deleted.");
        }
        if (dryRun || !yes) {
            Erased.Preview preview = client.memories().preview(caller);
            if (dryRun || !confirmed(preview.counts())) {
                out.println(
                        json()
                                ? json(preview)
                                : "Nothing is erased. Rows that would be deleted: " + counts(preview.counts()));
                return dryRun ? 0 : Main.FAILED;
            }
        }
        Erased.Done done = client.memories().erase(caller);
        if (json()) {
            out.println(json(done));
        } else {
            out.println("Erased. Receipt " + done.receipt().id() + ", "
                    + done.receipt().erasedAt());
            out.println("Rows deleted: " + counts(done.receipt().counts()));
        }
        return 0;
    }

    private static boolean confirmed(Map<String, Long> counts) throws IOException {
        status("This deletes for good: " + counts(counts));
        status("Type yes to go on:");
        String answer = Terminal.input().readLine();
        return answer != null && answer.strip().equals("yes");
    }

    private static String counts(Map<String, Long> counts) {
        return counts.isEmpty() ? "none" : counts.toString().replaceAll("[{}]", "");
    }
}
