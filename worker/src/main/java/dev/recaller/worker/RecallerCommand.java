package dev.recaller.worker;

import static java.util.Objects.requireNonNull;

import dev.recaller.worker.Configuration.Purpose;
import dev.recaller.worker.telemetry.Logging;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands beside {@code worker} share: settings, a quiet log, an end by Ctrl-C that closes what is open. */
abstract class RecallerCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public final Integer call() throws Exception {
        boolean verbose = ((Main) requireNonNull(spec).root().userObject()).verbose();
        Logging.start(false, verbose ? Level.DEBUG : Level.WARN);
        Configuration configuration = Configuration.read(System.getenv(), Path.of(""), Purpose.TOOL);
        try (var _ = new ClosingOnInterrupt()) {
            return run(configuration);
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

    /** On Ctrl-C the command's thread is interrupted and has a moment to close what it opened. */
    private static final class ClosingOnInterrupt implements AutoCloseable {

        private static final long PATIENCE_SECONDS = 5;

        private final Thread command = Thread.currentThread();
        private final CountDownLatch closed = new CountDownLatch(1);
        private final Thread hook = new Thread(this::interrupt);

        ClosingOnInterrupt() {
            Runtime.getRuntime().addShutdownHook(hook);
        }

        private void interrupt() {
            if (closed.getCount() > 0) {
                command.interrupt();
                try {
                    closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
