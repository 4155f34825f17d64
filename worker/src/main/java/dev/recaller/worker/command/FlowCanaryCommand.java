package dev.recaller.worker.command;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import dev.recaller.worker.store.FlowArchive.Canary;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "canary",
        description = "Have a share of an organization's calls run another version of a flow.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The others run the active one. Which call does is decided by its id alone; what it ran stands in its row,",
            "calls.flow_version. Activating a version, or going back, ends the canary.",
            "",
            "Examples:",
            "  recaller flow canary reception 8 --percent 10",
            "  recaller flow activate reception 8",
            "  recaller flow canary reception --off",
            "",
            "Exit codes: 0 it is so now, 1 there is no such version or none is active, 2 wrong arguments.",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL."
        })
final class FlowCanaryCommand extends FlowOperation {

    @Parameters(index = "0", paramLabel = "ID", description = "The flow.")
    private String id = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "The version to try.")
    private @Nullable Integer version;

    @Option(names = "--percent", paramLabel = "N", description = "Of calls, 1 to 99.")
    private @Nullable Integer percent;

    @Option(names = "--off", description = "All calls run the active version again.")
    private boolean off;

    @Override
    void prepare() {
        if (off ? version != null || percent != null : version == null || percent == null) {
            throw misused("Give VERSION and --percent N, or --off.");
        }
        if (percent != null && (percent < 1 || percent > 99)) {
            throw misused("--percent " + percent + " is not 1 to 99.");
        }
    }

    @Override
    int run(Tools tools) {
        Canary canary = version == null || percent == null ? null : new Canary(version, percent);
        if (canary != null && !canRun(tools, canary.version())) {
            return Main.FAILED;
        }
        if (!tools.flows().canary(tools.organizationId(), id, canary)) {
            status("recaller: organization " + tools.organizationId() + " has no version of " + id
                    + " active: 'recaller flow activate' first");
            return Main.FAILED;
        }
        Map<String, Object> answer = new LinkedHashMap<>(Map.of("id", id));
        if (canary != null) {
            answer.put("canary", canary);
        }
        String said = canary == null
                ? "All calls run the active version of " + id + " from now on."
                : canary.percent() + " % of calls run version " + canary.version() + " of " + id + " from now on.";
        tools.out().println(json() ? json(answer) : said);
        return 0;
    }

    private boolean canRun(Tools tools, int wanted) {
        Optional<String> document = tools.flows().document(tools.organizationId(), id, wanted);
        String name = "version " + wanted + " of " + id;
        if (document.isEmpty()) {
            status("recaller: organization " + tools.organizationId() + " has no " + name
                    + ": keep it first with 'recaller flow put FILE'");
            return false;
        }
        try {
            Flow.parse(document.get());
            return true;
        } catch (InvalidFlowException e) {
            e.complaints().forEach(complaint -> status("recaller: " + name + ": " + complaint));
            return false;
        }
    }
}
