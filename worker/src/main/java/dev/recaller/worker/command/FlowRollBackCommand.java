package dev.recaller.worker.command;

import dev.recaller.worker.control.ControlClient;
import java.io.PrintStream;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "rollback",
        description = "Have an organization's calls run the version of a flow that was active before.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Calls that begin from now on run it; a canary ends. Doing it twice is where it was.",
            "",
            "Example:",
            "  recaller flow rollback reception",
            "",
            "Exit codes: 0 it is active, 1 none was active before, 2 wrong arguments.",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class FlowRollBackCommand extends ServedOperation {

    @Parameters(paramLabel = "ID", description = "The flow.")
    private String id = "";

    @Override
    int run(ControlClient client, PrintStream out) {
        int now = client.flows().rollBack(id);
        out.println(
                json()
                        ? json(Map.of("id", id, "active", now))
                        : "Calls run version " + now + " of " + id + " from now on.");
        return 0;
    }
}
