package dev.recaller.worker.command;

import dev.recaller.memory.merge.Undo;
import dev.recaller.worker.control.ControlClient;
import java.io.PrintStream;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "undo-merge",
        description = "Make two memories again of one, as they were before the merge.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "What was remembered after the merge stays with the memory that was merged into. A later merge of one of the two",
            "has to be undone first.",
            "",
            "Examples:",
            "  recaller memory undo-merge 019a5f30-6d2c-7000-8f6e-0c7a3d1b2e4f",
            "",
            "Exit codes: 0 they are two memories, 1 refused, 2 wrong arguments.",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class MemoryUndoMergeCommand extends ServedOperation {

    @Parameters(paramLabel = "MERGE", description = "The merge's id, as 'recaller memory merge' told it.")
    @SuppressWarnings("NullAway.Init")
    private UUID merge;

    @Override
    int run(ControlClient client, PrintStream out) {
        Undo undo = client.memories().undo(merge);
        if (json()) {
            out.println(json(undo));
            return 0;
        }
        switch (undo) {
            case Undo.Undone undone -> print(undone, out);
            case Undo.Already already -> out.println("Merge " + already.id() + " was undone before.");
            case Undo.Refused _ -> throw new IllegalStateException("a refusal is thrown");
        }
        return 0;
    }

    private static void print(Undo.Undone undone, PrintStream out) {
        var restored = undone.restored();
        out.println("Memory " + undone.from().value() + " is a memory of its own again, beside "
                + undone.into().value() + ".");
        out.println("Restored: " + restored.chunks() + " chunks, " + restored.calls() + " calls, "
                + restored.entities() + " entities, " + restored.relationships() + " relationships, "
                + restored.preferences() + " preferences.");
        if (undone.missing() > 0) {
            out.println("Gone: " + undone.missing() + " rows were deleted since the merge.");
        }
        undone.joined()
                .ifPresent(id ->
                        out.println("What the number remembered meanwhile was added to it, by merge " + id + "."));
    }
}
