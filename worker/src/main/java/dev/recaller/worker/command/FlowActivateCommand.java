package dev.recaller.worker.command;

import dev.recaller.worker.control.ControlClient;
import java.io.PrintStream;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "activate",
        description = "Have an organization's calls run a version of a flow.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Calls that begin from now on run it, an older version as well; those that go on keep theirs. It comes before a",
            "file with the same id.",
            "",
            "Examples:",
            "  recaller flow activate reception 7",
            "  recaller flow activate reception 6 --org acme",
            "",
            "Exit codes: 0 it is active, 1 there is none or it cannot run, 2 wrong arguments.",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class FlowActivateCommand extends ServedOperation {

    @Parameters(index = "0", paramLabel = "ID", description = "The flow.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "VERSION", description = "The version to run.")
    private int version;

    @Override
    int run(ControlClient client, PrintStream out) {
        client.flows().activate(id, version);
        out.println(
                json()
                        ? json(Map.of("id", id, "active", version))
                        : "Calls run version " + version + " of " + id + " from now on.");
        return 0;
    }
}
