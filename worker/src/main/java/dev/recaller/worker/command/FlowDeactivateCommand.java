package dev.recaller.worker.command;

import dev.recaller.worker.Configuration;
import dev.recaller.worker.FlowFolder;
import dev.recaller.worker.control.ControlClient;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
            "Settings: RECALLER_ORGANIZATION, RECALLER_FLOW, RECALLER_HOME or RECALLER_DATABASE_URL;",
            "or RECALLER_SERVER with RECALLER_KEY."
        })
final class FlowDeactivateCommand extends ServedOperation {

    @Parameters(index = "0", paramLabel = "ID", description = "The flow.")
    private String id = "";

    private Path standard = Path.of("");

    @Override
    int run(Configuration configuration) throws Exception {
        standard = configuration.flow();
        return super.run(configuration);
    }

    @Override
    int run(ControlClient client, PrintStream out) throws IOException {
        int before = client.flows().deactivate(id);
        Optional<Path> file = asksWorker() ? Optional.empty() : FlowFiles.withId(standard, id);
        if (json()) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("id", id);
            answer.put("deactivated", before);
            file.ifPresent(path -> answer.put("file", path.toString()));
            out.println(json(answer));
            return 0;
        }
        out.println("Version " + before + " of " + id + " is not active any more; it is kept.");
        out.println(whatRuns(file.orElse(null)));
        return 0;
    }

    private String whatRuns(@Nullable Path file) {
        if (asksWorker()) {
            return "Calls run the file of this id in the worker's folder from now on, or find no flow.";
        }
        return file == null
                ? "No file here has this id: calls that name it find no flow."
                : "Calls run version " + FlowFolder.read(file).version() + " of " + file + " from now on.";
    }
}
