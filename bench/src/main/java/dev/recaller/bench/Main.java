package dev.recaller.bench;

import dev.recaller.bench.database.DatabaseCommand;
import dev.recaller.bench.echo.EchoCommand;
import dev.recaller.bench.flow.FlowCommand;
import dev.recaller.bench.phone.PhoneCommand;
import dev.recaller.bench.recall.RecallCommand;
import dev.recaller.bench.retrieval.RetrievalCommand;
import dev.recaller.bench.writes.WritesCommand;
import dev.recaller.worker.telemetry.Logging;
import org.slf4j.event.Level;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
        name = "bin/bench",
        description = "Measures Recaller on this machine.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RetrievalCommand.class,
            RecallCommand.class,
            WritesCommand.class,
            PhoneCommand.class,
            FlowCommand.class,
            DatabaseCommand.class,
            EchoCommand.class
        })
public final class Main {

    private static final int WIDTH = 120;

    private Main() {}

    public static void main(String[] arguments) {
        Logging.start(false, Level.WARN);
        System.exit(new CommandLine(new Main()).setUsageHelpWidth(WIDTH).execute(arguments));
    }
}
