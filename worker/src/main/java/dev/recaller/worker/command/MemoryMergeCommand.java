package dev.recaller.worker.command;

import dev.recaller.memory.merge.Conflict;
import dev.recaller.memory.merge.Merge;
import dev.recaller.memory.merge.Proposal;
import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.MemoriesClient;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "merge",
        description = "Make one memory of two that are one person's.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A memory is named by its id, by a number (+ first) or by a user's id. What --from remembers moves to --into, and",
            "whoever calls as one of the two finds it. Where they disagree, the newest value of a single-valued preference",
            "stands, names that differ both stand; every disagreement is listed. 'recaller memory undo-merge' brings both back.",
            "",
            "When a caller gave a user id and a number that both have a memory, the merge is proposed, never done:",
            "--proposals lists what is open.",
            "",
            "Examples:",
            "  recaller memory merge --proposals",
            "  recaller memory merge --into 4711 --from +1234567890",
            "  recaller memory merge --dismiss 019a5f30-6d2c-7000-8f6e-0c7a3d1b2e4f",
            "",
            "Exit codes: 0 they are one memory, 1 refused, 2 wrong arguments.",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class MemoryMergeCommand extends ServedOperation {

    @Option(names = "--into", paramLabel = "MEMORY", description = "The memory that stays.")
    private @Nullable String into;

    @Option(names = "--from", paramLabel = "MEMORY", description = "The memory that becomes part of it.")
    private @Nullable String from;

    @Option(names = "--proposals", description = "List the merges that are proposed.")
    private boolean proposals;

    @Option(
            names = "--dismiss",
            paramLabel = "PROPOSAL",
            description = "Close a proposal for good: they are two people.")
    private @Nullable UUID dismissed;

    @Override
    int run(ControlClient client, PrintStream out) {
        MemoriesClient memories = client.memories();
        if (proposals && into == null && from == null && dismissed == null) {
            return list(memories.proposals(), out);
        }
        if (dismissed != null && !proposals && into == null && from == null) {
            return dismiss(memories, dismissed, out);
        }
        if (proposals || dismissed != null || into == null || from == null) {
            throw misused("Give --into MEMORY and --from MEMORY, or --proposals, or --dismiss PROPOSAL.");
        }
        Merge merge =
                memories.merge(WhoseOptions.named(this, "--into", into), WhoseOptions.named(this, "--from", from));
        if (json()) {
            out.println(json(merge));
        } else {
            told(merge, out);
        }
        return 0;
    }

    private static void told(Merge merge, PrintStream out) {
        switch (merge) {
            case Merge.Merged merged -> print(merged, out);
            case Merge.Already already ->
                out.println("They are one memory already"
                        + (already.id() == null ? ", for good." : ", since merge " + already.id() + "."));
            case Merge.Refused _ -> throw new IllegalStateException("a refusal is thrown");
        }
    }

    private static void print(Merge.Merged merged, PrintStream out) {
        var moved = merged.moved();
        out.println("Merge " + merged.id() + ": memory " + merged.from().value() + " is part of memory "
                + merged.into().value() + " now.");
        out.println("Moved: " + moved.chunks() + " chunks, " + moved.calls() + " calls, " + moved.entities()
                + " entities, " + moved.relationships() + " relationships, " + moved.preferences() + " preferences.");
        if (merged.setAside() > 0) {
            out.println("Not recalled: " + merged.setAside()
                    + " chunks from before the number belonged to its present owner.");
        }
        for (Conflict conflict : merged.conflicts()) {
            out.println("Conflict: " + conflict.subject() + ": " + conflict.kept()
                    + switch (conflict.resolution()) {
                        case CLOSED -> " stands, " + conflict.other() + " is closed";
                        case BOTH_STAND -> " and " + conflict.other() + " both stand";
                    });
        }
        out.println("To undo it: recaller memory undo-merge " + merged.id());
    }

    private int list(List<Proposal> open, PrintStream out) {
        if (json()) {
            out.println(json(open));
        } else if (open.isEmpty()) {
            out.println("No merge is proposed.");
        }
        if (!json()) {
            open.forEach(proposal -> out.println("Proposal " + proposal.id() + " of "
                    + TIME.format(proposal.proposedAt()) + ": --into "
                    + proposal.into().value() + " (user "
                    + proposal.userId() + ") --from " + proposal.from().value() + " (number "
                    + proposal.phoneNumber() + ")"));
        }
        return 0;
    }

    private int dismiss(MemoriesClient memories, UUID proposal, PrintStream out) {
        memories.dismiss(proposal);
        out.println(
                json() ? json(Map.of("id", proposal, "dismissed", true)) : "Proposal " + proposal + " is dismissed.");
        return 0;
    }
}
