package dev.recaller.worker.command;

import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.store.FlowArchive.Listed;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = "List the flows an organization has in the database.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A header and a line for each flow, with tabs between the values: id, active version, newest version, versions,",
            "last change, name. \\N as the active version: calls run the file of this id; versions they ran are kept here.",
            "",
            "Examples:",
            "  recaller flow list",
            "  recaller flow list --org acme --json",
            "",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class FlowListCommand extends ServedOperation {

    @Override
    int run(ControlClient client, PrintStream out) {
        List<Listed> flows = client.flows().list();
        if (json()) {
            out.println(json(flows));
            return 0;
        }
        out.println(String.join("\t", "id", "active", "newest", "versions", "changed", "name"));
        for (Listed flow : flows) {
            out.println(String.join(
                    "\t",
                    flow.id(),
                    flow.active() == null ? UNKNOWN : flow.active().toString(),
                    Integer.toString(flow.newest()),
                    Long.toString(flow.versions()),
                    TIME.format(flow.updatedAt()),
                    flow.name().replaceAll("[\\t\\r\\n]", " ")));
        }
        return 0;
    }
}
