package dev.recaller.worker.command;

import dev.recaller.worker.ConfigurationException;
import dev.recaller.worker.Program;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code recaller}. */
@Command(
        name = "recaller",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "A phone-agent worker for LiveKit that knows who is calling.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Try it without a telephone:",
            "  recaller console --from +1234567890",
            "",
            "Settings come from the environment, then from recaller.properties or recaller.yaml in this folder, under the",
            "same names. What is remembered is in the database of RECALLER_DATABASE_URL or, without one, in a PostgreSQL",
            "of our own in RECALLER_HOME. 'recaller COMMAND --help' names the settings of each command.",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong arguments or settings."
        })
public final class Main {

    /** In the order of the help. */
    private static final List<Class<?>> COMMANDS = List.of(
            WorkerCommand.class,
            ConsoleCommand.class,
            FlowCommand.class,
            MemoryCommand.class,
            RecordingCommand.class,
            TelephonyCommand.class,
            OutboundCallCommand.class,
            CallsCommand.class,
            NumberCommand.class,
            KeyCommand.class,
            PsqlCommand.class,
            DatabaseCommand.class,
            PrepareCommand.class);

    static final int FAILED = 1;
    static final int MISUSED = 2;
    private static final int WIDTH = 120;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Log more, and show where a failure came from.")
    private boolean verbose;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        Main main = new Main();
        CommandLine commands = new CommandLine(main);
        wanted(arguments).forEach(commands::addSubcommand);
        commands.setUsageHelpWidth(WIDTH);
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.setParameterExceptionHandler(Main::misused);
        commands.setExecutionExceptionHandler((failure, command, _) -> main.failed(failure, command));
        return commands.execute(arguments);
    }

    /** The command that is named first, or else all: to read what all of them take costs half a second. */
    private static List<Class<?>> wanted(String... arguments) {
        return COMMANDS.stream()
                .filter(command -> arguments.length > 0
                        && command.getAnnotation(Command.class).name().equals(arguments[0]))
                .findFirst()
                .<List<Class<?>>>map(List::of)
                .orElse(COMMANDS);
    }

    boolean verbose() {
        return verbose;
    }

    private int failed(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        if (failure instanceof ConfigurationException) {
            err.println("These settings cannot be used:");
            String.valueOf(failure.getMessage()).lines().forEach(mistake -> err.println("  " + mistake));
        } else {
            err.println("recaller: " + (failure.getMessage() == null ? failure.toString() : failure.getMessage()));
        }
        if (verbose) {
            failure.printStackTrace(err);
        }
        err.flush();
        return failure instanceof ConfigurationException ? MISUSED : FAILED;
    }

    private static int misused(ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("recaller: " + mistake.getMessage());
        UnmatchedArgumentException.printSuggestions(mistake, err);
        if (arguments.length == 0) {
            command.usage(err);
        } else {
            err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        err.flush();
        return MISUSED;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"recaller " + Program.version()};
        }
    }
}
