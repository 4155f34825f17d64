package dev.recaller.worker.command;

import dev.recaller.worker.store.FlowArchive.Version;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL."
        })
final class FlowShowCommand extends FlowOperation {

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
    int run(Tools tools) {
        List<Version> versions = tools.flows().versions(tools.organizationId(), id);
        if (versions.isEmpty()) {
            status("recaller: organization " + tools.organizationId() + " has no flow " + id + " in the database");
            return Main.FAILED;
        }
        return list ? list(versions, tools) : print(version == null ? standard(versions) : version, tools);
    }

    private static int standard(List<Version> versions) {
        return versions.stream()
                .filter(Version::active)
                .findFirst()
                .orElse(versions.getFirst())
                .version();
    }

    private int print(int wanted, Tools tools) {
        Optional<String> document = tools.flows().document(tools.organizationId(), id, wanted);
        if (document.isEmpty()) {
            status("recaller: there is no version " + wanted + " of " + id + ": 'recaller flow show " + id
                    + " --versions' lists them");
            return Main.FAILED;
        }
        String text = document.get();
        tools.out()
                .println(json() ? json(Map.of("id", id, "version", wanted, "document", text)) : text.stripTrailing());
        return 0;
    }

    private int list(List<Version> versions, Tools tools) {
        if (json()) {
            tools.out().println(json(versions));
            return 0;
        }
        tools.out().println(String.join("\t", "version", "active", "kept"));
        versions.forEach(it -> tools.out()
                .println(String.join(
                        "\t",
                        Integer.toString(it.version()),
                        it.active() ? "active" : UNKNOWN,
                        TIME.format(it.createdAt()))));
        return 0;
    }
}
