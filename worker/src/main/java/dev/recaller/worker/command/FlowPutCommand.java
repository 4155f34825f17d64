package dev.recaller.worker.command;

import dev.recaller.worker.ConfigurationException;
import dev.recaller.worker.FlowFolder;
import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.ControlException;
import dev.recaller.worker.store.FlowArchive.Put;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "put",
        description = "Keep flows in the database of an organization.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Every file is checked first: when one cannot run, all that is wrong is said and none is kept. A version never",
            "changes, but for its tests and its layout: what else changed needs a version of its own. Calls run a version",
            "once it is activated.",
            "",
            "Examples:",
            "  recaller flow put flows/reception.json",
            "  recaller flow put --org acme flows/*.json",
            "",
            "Exit codes: 0 all are kept, 1 at least one is refused, 2 wrong arguments or a flow that cannot run.",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class FlowPutCommand extends ServedOperation {

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Flows in JSON.")
    private List<Path> files = List.of();

    private final List<FlowFolder.Document> documents = new ArrayList<>();

    /** What became of a file, for programs. */
    private record Answer(String file, String id, int version, String result) {}

    @Override
    void prepare() {
        List<String> mistakes = new ArrayList<>();
        for (Path file : files) {
            try {
                documents.add(FlowFolder.document(file));
            } catch (ConfigurationException e) {
                mistakes.add(String.valueOf(e.getMessage()));
            }
        }
        if (!mistakes.isEmpty()) {
            throw new ConfigurationException(mistakes);
        }
    }

    private enum Put {
        STORED,
        SAME,
        REFUSED
    }

    private static Put put(ControlClient client, FlowFolder.Document document) {
        try {
            return client.flows().put(document.text()) ? Put.STORED : Put.SAME;
        } catch (ControlException e) {
            if (e.reason().equals("VERSION_TAKEN")) {
                return Put.REFUSED;
            }
            throw e;
        }
    }

    @Override
    int run(ControlClient client, PrintStream out) {
        List<Answer> answers = new ArrayList<>();
        boolean refused = false;
        for (int i = 0; i < files.size(); i++) {
            FlowFolder.Document document = documents.get(i);
            String id = document.flow().id();
            int version = document.flow().version();
            Put put = put(client, document);
            answers.add(
                    new Answer(files.get(i).toString(), id, version, put.name().toLowerCase(Locale.ROOT)));
            refused |= put == Put.REFUSED;
            String line =
                    switch (put) {
                        case STORED ->
                            "version " + version + " of " + id + " is kept; have calls run it: recaller flow"
                                    + " activate " + id + " " + version;
                        case SAME -> "version " + version + " of " + id + " was there";
                        case REFUSED ->
                            "version " + version + " of " + id + " is there with another content: raise its version to "
                                    + (version + 1);
                    };
            if (put == Put.REFUSED) {
                status("recaller: " + files.get(i) + ": " + line);
            } else if (!json()) {
                out.println(files.get(i) + ": " + line);
            }
        }
        if (json()) {
            out.println(json(answers));
        }
        return refused ? Main.FAILED : 0;
    }
}
