package dev.recaller.worker.command;

import java.util.Map;
import java.util.Optional;
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
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL."
        })
final class FlowRollBackCommand extends FlowOperation {

    @Parameters(paramLabel = "ID", description = "The flow.")
    private String id = "";

    @Override
    int run(Tools tools) {
        Optional<Integer> now = tools.flows().rollBack(tools.organizationId(), id);
        if (now.isEmpty()) {
            status("recaller: organization " + tools.organizationId() + " had no other version of " + id + " active");
            return Main.FAILED;
        }
        tools.out()
                .println(
                        json()
                                ? json(Map.of("id", id, "active", now.get()))
                                : "Calls run version " + now.get() + " of " + id + " from now on.");
        return 0;
    }
}
