package dev.recaller.worker.command;

import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.FlowsClient;
import dev.recaller.worker.store.FlowArchive.Version;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Print a flow of the database as it was put, or list its versions.",
        footer = {
            "",
            "Without --version the active one is printed or, where none is active, the newest. --versions lists them with",
            "tabs between the values: version, active or \\N, since when it is kept. Versions that calls ran from a file are",
            "among them.",
            "",
            "Examples:",
            "  recaller flow show reception > reception.json",
            "  recaller flow show reception --version 6",
            "  recaller flow show reception --versions --json",
            "",
            "Exit codes: 0 printed, 1 there is none, 2 wrong arguments.",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class FlowShowCommand extends ServedOperation {

    @Parameters(paramLabel = "ID", description = "The flow.")
    private String id = "";

    /** Of its own: the standard ones have a {@code --version} too. */
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    @Option(names = "--version", paramLabel = "N", description = "The version to print.")
    private @Nullable Integer version;

    @Option(names = "--versions", description = "List the versions, the newest first.")
    private boolean list;

    @Override
    void prepare() {
        if (list && version != null) {
            throw misused("Give --version N or --versions, not both.");
        }
    }

    @Override
    int run(ControlClient client, PrintStream out) {
        return list
                ? list(client.flows().versions(id), out)
                : print(client.flows().get(id, version), out);
    }

    private int print(FlowsClient.Document document, PrintStream out) {
        String text = document.text();
        out.println(
                json()
                        ? json(Map.of("id", id, "version", document.version(), "document", text))
                        : text.stripTrailing());
        return 0;
    }

    private int list(List<Version> versions, PrintStream out) {
        if (json()) {
            out.println(json(versions));
            return 0;
        }
        out.println(String.join("\t", "version", "active", "kept"));
        versions.forEach(it -> out.println(String.join(
                "\t", Integer.toString(it.version()), it.active() ? "active" : UNKNOWN, TIME.format(it.createdAt()))));
        return 0;
    }
}
