package dev.recaller.worker.command;

import static java.util.Objects.requireNonNull;

import dev.recaller.memory.privacy.Audit;
import dev.recaller.worker.store.NumberBook.Entry;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "number",
        description = "Say who answers at which number, and whom nobody answers.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            NumberCommand.Set.class,
            NumberCommand.ListNumbers.class,
            NumberCommand.Remove.class,
            BlockedCallers.Block.class,
            BlockedCallers.Unblock.class,
            BlockedCallers.ListBlocked.class,
        },
        footer = {
            "",
            "A call's organization and flow are what its job's metadata says; what it leaves open is what its room's metadata",
            "says, then what the number called is listed with here, then RECALLER_ORGANIZATION and RECALLER_FLOW. These two also",
            "take a number that is not listed."
        })
final class NumberCommand {

    /** What becomes of callers who withhold their number. */
    enum Withheld {
        ANSWER,
        REJECT
    }

    @Command(
            name = "set",
            description = "Have an organization and a flow answer at a number.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "It takes the place of what the number was listed with. A number belongs to one organization. Calls that begin",
                "from now on follow it.",
                "",
                "--withheld reject: callers who withhold their number are not answered (they hear the busy tone) or, with",
                "--refusal, hear that flow, which says a sentence and hangs up. So are callers who are blocked.",
                "",
                "Examples:",
                "  recaller number set +15550100 --flow reception",
                "  recaller number set +15550101 --org acme --flow sales.json --note \"from the poster\"",
                "  recaller number set +15550102 --withheld reject --refusal show-your-number",
                "",
                "It is noted in the audit. Exit code 1 when the number is another organization's.",
                "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL."
            })
    static final class Set extends NumberOperation {

        @Parameters(paramLabel = "NUMBER", description = "The number that is called, + first.")
        private String number = "";

        @Option(
                names = "--flow",
                paramLabel = "FLOW",
                description = "A file in the folder of RECALLER_FLOW, or the id of a flow (default: RECALLER_FLOW).")
        private @Nullable String flow;

        @Option(
                names = "--withheld",
                paramLabel = "WHAT",
                defaultValue = "ANSWER",
                description = "What becomes of callers who withhold their number: answer or reject (default: answer).")
        private Withheld withheld = Withheld.ANSWER;

        @Option(names = "--refusal", paramLabel = "FLOW", description = "What those hear who are turned away.")
        private @Nullable String refusal;

        @Option(names = "--note", paramLabel = "TEXT", description = "For people.")
        private @Nullable String note;

        private @Nullable Entry entry;

        Set() {
            super(Audit.Action.NUMBER_SET);
        }

        @Override
        void prepare() {
            if (blank(flow) || blank(refusal)) {
                throw misused("A flow has a name: leave the option out for none.");
            }
            entry = new Entry(international("NUMBER", number), flow, withheld == Withheld.REJECT, refusal, note);
        }

        @Override
        int run(Tools tools) {
            Entry set = requireNonNull(entry, "it is prepared");
            if (!tools.numbers().set(tools.organizationId(), set)) {
                status("recaller: " + set.number() + " is another organization's: it must remove it first");
                return Main.FAILED;
            }
            tools.note().run();
            tools.out()
                    .println(
                            json()
                                    ? json(set)
                                    : set.number() + ": " + (flow == null ? "the default flow" : flow) + " of "
                                            + tools.organizationId() + " answers from now on.");
            return 0;
        }

        private static boolean blank(@Nullable String text) {
            return text != null && text.isBlank();
        }
    }

    @Command(
            name = "list",
            description = "List an organization's numbers.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "A header and a line for each number, with tabs between the values: number, flow, withheld, refusal, note.",
                "\\N as the flow: the default one. \\N as the refusal: who is turned away is not answered.",
                "",
                "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL."
            })
    static final class ListNumbers extends NumberOperation {

        ListNumbers() {
            super(Audit.Action.NUMBER_LIST);
        }

        @Override
        int run(Tools tools) {
            List<Entry> entries = tools.numbers().list(tools.organizationId());
            tools.note().run();
            if (json()) {
                tools.out().println(json(entries));
                return 0;
            }
            tools.out().println(String.join("\t", "number", "flow", "withheld", "refusal", "note"));
            for (Entry entry : entries) {
                tools.out()
                        .println(String.join(
                                "\t",
                                entry.number(),
                                column(entry.flow()),
                                entry.rejectsWithheld() ? "reject" : "answer",
                                column(entry.refusalFlow()),
                                column(entry.note())));
            }
            return 0;
        }
    }

    @Command(
            name = "remove",
            description = "Have nobody in particular answer at a number.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "RECALLER_ORGANIZATION and RECALLER_FLOW of the workers answer there from now on.",
                "",
                "It is noted in the audit. Exit code 1 when the organization has no such number.",
                "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL."
            })
    static final class Remove extends NumberOperation {

        @Parameters(paramLabel = "NUMBER", description = "The number, + first.")
        private String number = "";

        Remove() {
            super(Audit.Action.NUMBER_REMOVE);
        }

        @Override
        void prepare() {
            number = international("NUMBER", number);
        }

        @Override
        int run(Tools tools) {
            if (!tools.numbers().remove(tools.organizationId(), number)) {
                status("recaller: organization " + tools.organizationId() + " has no number " + number);
                return Main.FAILED;
            }
            tools.note().run();
            tools.out().println(json() ? json(Map.of("removed", number)) : "Removed " + number);
            return 0;
        }
    }
}
