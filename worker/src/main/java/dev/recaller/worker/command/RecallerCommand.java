package dev.recaller.worker.command;

import static java.util.Objects.requireNonNull;

import dev.recaller.worker.Configuration;
import dev.recaller.worker.Configuration.Purpose;
import dev.recaller.worker.telemetry.Logging;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands beside {@code worker} share: settings, a quiet log, an end by Ctrl-C that closes what is open. */
abstract class RecallerCommand implements Callable<Integer> {

    /** Of a program that Ctrl-C ended, by the convention of shells: 128 and the signal's number. */
    private static final int INTERRUPTED = 130;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public final Integer call() throws Exception {
        boolean verbose = ((Main) requireNonNull(spec).root().userObject()).verbose();
        Logging.start(false, verbose ? Level.DEBUG : Level.WARN);
        Configuration configuration = Configuration.read(System.getenv(), Path.of(""), Purpose.TOOL);
        var ending = new EndingOnSignal();
        Termination.handle(ending);
        try {
            int code = run(configuration);
            return ending.asked() ? INTERRUPTED : code;
        } catch (Exception e) {
            if (ending.asked() && !verbose) {
                return INTERRUPTED; // who pressed Ctrl-C knows
            }
            throw e;
        }
    }

    /** Returns the exit code. */
    abstract int run(Configuration configuration) throws Exception;

    /** For an argument that was given and cannot be used. */
    ParameterException misused(String message) {
        return new ParameterException(requireNonNull(spec).commandLine(), message);
    }

    /** Goes to standard error: what is told here is never part of the answer. */
    static void status(String line) {
        System.err.println(line);
    }

    /** On Ctrl-C or SIGTERM the command's thread is interrupted and has a moment to close what it opened. */
    private static final class EndingOnSignal implements Runnable {

        private static final Duration PATIENCE = Duration.ofSeconds(5);

        private final Thread command = Thread.currentThread();
        private volatile boolean asked;

        @Override
        public void run() {
            asked = true;
            command.interrupt();
            Thread.ofPlatform().daemon().name("recaller-ending").start(() -> {
                try {
                    command.join(PATIENCE);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                System.exit(INTERRUPTED);
            });
        }

        boolean asked() {
            return asked;
        }
    }
}
