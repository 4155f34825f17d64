package dev.recaller.worker.command;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import java.util.Map;
import java.util.Optional;
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
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL."
        })
final class FlowActivateCommand extends FlowOperation {

    @Parameters(index = "0", paramLabel = "ID", description = "The flow.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "VERSION", description = "The version to run.")
    private int version;

    @Override
    int run(Tools tools) {
        String name = "version " + version + " of " + id;
        Optional<String> document = tools.flows().document(tools.organizationId(), id, version);
        if (document.isEmpty()) {
            status("recaller: organization " + tools.organizationId() + " has no " + name
                    + ": keep it first with 'recaller flow put FILE'");
            return Main.FAILED;
        }
        try {
            Flow flow = Flow.parse(document.get());
            if (!tools.flows().activate(tools.organizationId(), flow)) {
                status("recaller: " + name + " is gone");
                return Main.FAILED;
            }
        } catch (InvalidFlowException e) {
            e.complaints().forEach(complaint -> status("recaller: " + name + ": " + complaint));
            return Main.FAILED;
        }
        tools.out().println(json() ? json(Map.of("id", id, "active", version)) : "Calls run " + name + " from now on.");
        return 0;
    }
}
