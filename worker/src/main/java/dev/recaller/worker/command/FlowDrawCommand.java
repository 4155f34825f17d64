package dev.recaller.worker.command;

import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.FlowTest;
import dev.recaller.flow.drawing.Mermaid;
import dev.recaller.flow.testing.FlowTester;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.FlowFolder;
import dev.recaller.worker.console.Terminal;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "draw",
        description = "Draw a flow as a flowchart in Mermaid.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "GitHub, GitLab and many editors show Mermaid as a picture, in a Markdown block named mermaid.",
            "",
            "Examples:",
            "  recaller flow draw flows/front-desk.json -o front-desk.mmd",
            "  recaller flow draw flows/front-desk.json --test \"a returning caller is greeted by name\""
        })
final class FlowDrawCommand extends RecallerCommand {

    @Parameters(paramLabel = "FILE", description = "A flow in JSON.")
    private Path file = Path.of("");

    @Option(names = "--test", paramLabel = "NAME", description = "Mark the way this test of the flow takes.")
    private @Nullable String test;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Write there instead of printing.")
    private @Nullable Path target;

    @Override
    int run(Configuration configuration) throws Exception {
        Flow flow = FlowFolder.read(file);
        List<String> path = test == null ? List.of() : path(flow, test);
        String drawing = Mermaid.draw(flow, path);
        if (target == null) {
            PrintStream out = Terminal.output();
            out.print(drawing);
            out.flush();
        } else {
            Files.writeString(target, drawing);
        }
        return 0;
    }

    private List<String> path(Flow flow, String name) throws Exception {
        FlowTest named = FlowFiles.test(flow, name, this);
        return new FlowTester(FlowStore.of(FlowFiles.readable(file.resolveSibling(""))))
                .run(flow, named)
                .path();
    }
}
