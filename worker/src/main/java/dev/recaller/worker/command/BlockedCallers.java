package dev.recaller.worker.command;

import dev.recaller.memory.privacy.Audit;
import dev.recaller.worker.store.NumberBook.Blocked;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands under {@code number} about callers whom an organization does not answer. */
final class BlockedCallers {

    private BlockedCallers() {}

    /** A command about one caller. */
    abstract static class OfOne extends NumberOperation {

        private static final Pattern HASH = Pattern.compile("[0-9a-f]{32}");

        @Parameters(
                paramLabel = "CALLER",
                description = "The caller's number, + first, or its hash as logs and calls have it.")
        private String caller = "";

        OfOne(Audit.Action action) {
            super(action);
        }

        @Override
        void prepare() {
            if (!HASH.matcher(caller).matches()) {
                caller = international("CALLER", caller);
            }
        }

        String hash(Tools tools) {
            return HASH.matcher(caller).matches() ? caller : tools.hash().of(caller);
        }
    }

    @Command(
            name = "block",
            description = "Answer a caller no more.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "They hear the busy tone or, at a number with a refusal, that flow. Only the number's hash is kept, so a caller",
                "who is erased stays blocked; the note is deleted then.",
                "",
                "Examples:",
                "  recaller number block +15105550123 --note \"threatens the staff\"",
                "  recaller number block 5f0a3c1d9be64f2ab1c2d3e4f5061728",
                "",
                "It is noted in the audit. Settings: RECALLER_ORGANIZATION, RECALLER_HASH_KEY, RECALLER_HOME or",
                "RECALLER_DATABASE_URL."
            })
    static final class Block extends OfOne {

        @Option(names = "--note", paramLabel = "TEXT", description = "For people.")
        private @Nullable String note;

        Block() {
            super(Audit.Action.NUMBER_BLOCK);
        }

        @Override
        int run(Tools tools) {
            String hash = hash(tools);
            tools.numbers().block(tools.organizationId(), hash, note);
            tools.note().run();
            tools.out().println(json() ? json(Map.of("blocked", hash)) : "Blocked " + hash);
            return 0;
        }
    }

    @Command(
            name = "unblock",
            description = "Answer a caller again.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "It is noted in the audit. Exit code 1 when the caller is not blocked.",
                "Settings: RECALLER_ORGANIZATION, RECALLER_HASH_KEY, RECALLER_HOME or RECALLER_DATABASE_URL."
            })
    static final class Unblock extends OfOne {

        Unblock() {
            super(Audit.Action.NUMBER_UNBLOCK);
        }

        @Override
        int run(Tools tools) {
            String hash = hash(tools);
            if (!tools.numbers().unblock(tools.organizationId(), hash)) {
                status("recaller: organization " + tools.organizationId() + " does not block this caller");
                return Main.FAILED;
            }
            tools.note().run();
            tools.out().println(json() ? json(Map.of("unblocked", hash)) : "Unblocked " + hash);
            return 0;
        }
    }

    @Command(
            name = "blocked",
            description = "List the callers an organization does not answer, the newest first.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "A header and a line for each caller, with tabs between the values: hash, since, note.",
                "",
                "The list is noted in the audit. Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL."
            })
    static final class ListBlocked extends NumberOperation {

        ListBlocked() {
            super(Audit.Action.NUMBER_BLOCKED);
        }

        @Override
        int run(Tools tools) {
            List<Blocked> blocked = tools.numbers().blocked(tools.organizationId());
            tools.note().run();
            if (json()) {
                tools.out().println(json(blocked));
                return 0;
            }
            tools.out().println(String.join("\t", "hash", "since", "note"));
            blocked.forEach(caller -> tools.out()
                    .println(String.join(
                            "\t", caller.numberHash(), TIME.format(caller.since()), column(caller.note()))));
            return 0;
        }
    }
}
