package dev.recaller.bench;

import dev.recaller.bench.recall.RecallCommand;
import dev.recaller.bench.retrieval.RetrievalCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
        name = "bin/bench",
        description = "Measures Recaller on this machine.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RecallCommand.class, RetrievalCommand.class})
public final class Main {

    private static final int WIDTH = 120;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).setUsageHelpWidth(WIDTH).execute(arguments));
    }
}
