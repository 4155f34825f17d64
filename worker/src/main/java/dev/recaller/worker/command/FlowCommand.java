package dev.recaller.worker.command;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import dev.recaller.worker.Configuration;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "flow",
        description = "Work on flows.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            FlowCommand.Validate.class,
            FlowCommand.Schema.class,
            FlowTestCommand.class,
            FlowDrawCommand.class,
            FlowReplayCommand.class,
            FlowPutCommand.class,
            FlowListCommand.class,
            FlowShowCommand.class,
            FlowActivateCommand.class,
            FlowRollBackCommand.class,
            FlowCanaryCommand.class,
            FlowDeactivateCommand.class,
        })
final class FlowCommand {

    @Command(
            name = "schema",
            description = "Print the JSON Schema of flows, for editors.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: recaller flow schema > flow.schema.json, and in a flow: \"$schema\": \"flow.schema.json\""
            })
    static final class Schema extends RecallerCommand {
        @Override
        int run(Configuration configuration) {
            System.out.print(Flow.schema());
            return 0;
        }
    }

    @Command(
            name = "validate",
            description = "Say everything that is wrong with flows, with its place in the document.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Examples:",
                "  recaller flow validate flows/front-desk.json",
                "  recaller flow validate flows/*.json",
                "",
                "Prints a line for each mistake: FILE: POINTER: what is wrong - what to do. Exit code 1 when there is one."
            })
    static final class Validate extends RecallerCommand {

        @Parameters(arity = "1..*", paramLabel = "FILE", description = "Flows in JSON.")
        private List<Path> files = List.of();

        @Override
        int run(Configuration configuration) {
            boolean good = true;
            for (Path file : files) {
                good &= validate(file);
            }
            return good ? 0 : Main.FAILED;
        }

        private static boolean validate(Path file) {
            try {
                Flow flow = Flow.read(file);
                System.out.println(file + ": good, " + flow.id() + " version " + flow.version() + ", "
                        + flow.nodes().size() + " nodes");
                return true;
            } catch (InvalidFlowException e) {
                e.complaints().forEach(complaint -> System.out.println(file + ": " + complaint));
            } catch (NoSuchFileException e) {
                System.out.println(file + ": there is no such file");
            } catch (IOException e) {
                System.out.println(file + ": cannot be read: " + e.getMessage());
            }
            return false;
        }
    }
}
