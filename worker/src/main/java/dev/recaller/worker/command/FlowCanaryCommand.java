package dev.recaller.worker.command;

import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.store.FlowArchive.Canary;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
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
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class FlowCanaryCommand extends ServedOperation {

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
    int run(ControlClient client, PrintStream out) {
        Canary canary = version == null || percent == null ? null : new Canary(version, percent);
        client.flows().canary(id, canary);
        Map<String, Object> answer = new LinkedHashMap<>(Map.of("id", id));
        if (canary != null) {
            answer.put("canary", canary);
        }
        String said = canary == null
                ? "All calls run the active version of " + id + " from now on."
                : canary.percent() + " % of calls run version " + canary.version() + " of " + id + " from now on.";
        out.println(json() ? json(answer) : said);
        return 0;
    }
}
