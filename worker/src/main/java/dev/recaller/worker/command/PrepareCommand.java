package dev.recaller.worker.command;

import static java.util.Objects.requireNonNull;

import dev.recaller.worker.Configuration;
import dev.recaller.worker.Configuration.Purpose;
import dev.recaller.worker.Preparation;
import dev.recaller.worker.telemetry.Logging;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "prepare",
        description = {
            "Make the worker of this installation start faster.",
            "",
            "A JVM starts a worker with a database and a provider of its own, talks with it, and keeps the loaded classes"
                    + " and what it learned about the code in a file beside the jars (an AOT cache). 'recaller worker' uses"
                    + " that file as long as it was made from the same jars by the same JDK, and starts without it"
                    + " otherwise. The image has one already."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  recaller prepare", "", "Run it again after an update of Recaller or of the JDK."})
final class PrepareCommand implements Callable<Integer> {

    private static final String RECORDING = "-XX:AOTCacheOutput=";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CommandSpec command = requireNonNull(spec);
        boolean verbose = ((Main) command.root().userObject()).verbose();
        if (ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .noneMatch(option -> option.startsWith(RECORDING))) {
            throw new ParameterException(
                    command.commandLine(),
                    "this JVM records nothing: start it by bin/recaller prepare, or with " + RECORDING + "FILE");
        }
        Logging.start(false, verbose ? Level.DEBUG : Level.ERROR);
        Preparation.run(
                Configuration.read(System.getenv(), Path.of(""), Purpose.TOOL), line -> System.err.println(line));
        return 0;
    }
}
