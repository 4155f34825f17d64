package dev.recaller.worker.command;

import dev.recaller.memory.MemoryId;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.privacy.Erased;
import dev.recaller.memory.privacy.Erasure;
import dev.recaller.memory.privacy.Receipt;
import dev.recaller.worker.console.Terminal;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
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
            "Settings: RECALLER_ORGANIZATION, RECALLER_HASH_KEY, RECALLER_HOME or RECALLER_DATABASE_URL."
        })
final class MemoryEraseCommand extends MemoryOperation {

    @Mixin
    private final WhoseOptions whose = new WhoseOptions();

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Option(names = "--dry-run", description = "Only say what would be deleted.")
    private boolean dryRun;

    /** Whom it is about, as two things to do. */
    private record Choice(Supplier<Erased> preview, Supplier<Erased> erase) {}

    @Override
    int run(Tools tools) throws IOException {
        var erasure = new Erasure(tools.database(), tools.clock(), tools.memory(), tools.hash());
        MemoryId id = whose.memory(this, tools.organizationId());
        Choice choice = id != null
                ? new Choice(() -> erasure.preview(id), () -> erasure.erase(id, tools.actor()))
                : choice(erasure, whose.identity(this, tools.organizationId()), tools);
        if (!dryRun && !yes && !Terminal.isInteractive()) {
            throw misused("Nobody is there to be asked: give --yes, or --dry-run to see what would be deleted.");
        }
        if (dryRun || !yes) {
            Erased preview = choice.preview().get();
            if (dryRun || !(preview instanceof Erased.Preview counted) || !confirmed(counted.counts())) {
                return report(preview, tools);
            }
        }
        return report(choice.erase().get(), tools);
    }

    private static Choice choice(Erasure erasure, MemoryIdentity identity, Tools tools) {
        return new Choice(() -> erasure.preview(identity), () -> erasure.erase(identity, tools.actor()));
    }

    private int report(Erased erased, Tools tools) {
        if (json()) {
            tools.out().println(json(erased));
        }
        return switch (erased) {
            case Erased.Done done -> {
                if (!json()) {
                    print(done.receipt(), tools);
                }
                yield 0;
            }
            case Erased.Preview preview -> {
                if (!json()) {
                    tools.out().println("Nothing is erased. Rows that would be deleted: " + counts(preview.counts()));
                }
                yield dryRun ? 0 : Main.FAILED;
            }
            case Erased.SharedNumber shared -> {
                status("recaller: " + shared.memories().size()
                        + " users have this number: name one with --user ID or --memory ID");
                yield Main.FAILED;
            }
        };
    }

    private static void print(Receipt receipt, Tools tools) {
        tools.out().println("Erased. Receipt " + receipt.id() + ", " + receipt.erasedAt());
        tools.out().println("Rows deleted: " + counts(receipt.counts()));
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
