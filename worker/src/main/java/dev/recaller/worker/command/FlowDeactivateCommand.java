package dev.recaller.worker.command;

import dev.recaller.worker.FlowFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "deactivate",
        description = "Have an organization's calls run the file of a flow again, not the database.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Undoes 'activate': no version of the flow is active afterwards, all are kept. Says what calls run from now on:",
            "the file with this id in the folder of RECALLER_FLOW, or nothing where there is none. Workers with another",
            "folder look there. Calls that go on keep their version.",
            "",
            "Examples:",
            "  recaller flow deactivate reception",
            "  recaller flow deactivate reception --org acme --json",
            "",
            "Exit codes: 0 none is active now, 1 none was, 2 wrong arguments.",
            "Settings: RECALLER_ORGANIZATION, RECALLER_FLOW, RECALLER_HOME or RECALLER_DATABASE_URL."
        })
final class FlowDeactivateCommand extends FlowOperation {

    @Parameters(index = "0", paramLabel = "ID", description = "The flow.")
    private String id = "";

    @Override
    int run(Tools tools) throws IOException {
        Optional<Integer> before = tools.flows().deactivate(tools.organizationId(), id);
        if (before.isEmpty()) {
            status("recaller: organization " + tools.organizationId() + " has no version of " + id
                    + " active: 'recaller flow list' shows what is");
            return Main.FAILED;
        }
        Optional<Path> file = FlowFiles.withId(tools.standard(), id);
        if (json()) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("id", id);
            answer.put("deactivated", before.get());
            file.ifPresent(path -> answer.put("file", path.toString()));
            tools.out().println(json(answer));
            return 0;
        }
        tools.out().println("Version " + before.get() + " of " + id + " is not active any more; it is kept.");
        tools.out()
                .println(
                        file.isPresent()
                                ? "Calls run version "
                                        + FlowFolder.read(file.get()).version() + " of " + file.get() + " from now on."
                                : "No file here has this id: calls that name it find no flow.");
        return 0;
    }
}
