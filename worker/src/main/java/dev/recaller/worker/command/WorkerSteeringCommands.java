package dev.recaller.worker.command;

import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.WorkerClient.Worker;
import java.io.PrintStream;
import java.util.Locale;
import picocli.CommandLine.Command;

/** The commands under {@code worker} that ask one that runs. */
final class WorkerSteeringCommands {

    private WorkerSteeringCommands() {}

    abstract static class Operation extends ControlOperation {
        @Override
        final int run(ControlClient client, PrintStream out) {
            Worker worker = ask(client);
            print(out, worker, text(worker));
            return code(worker);
        }

        abstract Worker ask(ControlClient client);

        /** Of the program. */
        int code(Worker worker) {
            return 0;
        }

        private static String text(Worker worker) {
            return (worker.draining() ? "Draining" : "Takes calls") + ": " + worker.calls() + " of " + worker.maxCalls()
                    + " calls, " + worker.textSessions() + " conversations in text, load "
                    + String.format(Locale.ROOT, "%.2f", worker.load()) + ", version " + worker.version() + " since "
                    + OrganizationCommand.TIME.format(worker.startedAt())
                    + (worker.notReady().isEmpty() ? "" : "; not ready: " + String.join(", ", worker.notReady()));
        }
    }

    @Command(
            name = "status",
            description = "Tell how a running worker is.",
            mixinStandardHelpOptions = true,
            footer = {"", "Exit code 1 when it is not ready. Needs a key of 'recaller key create --installation'."})
    static final class Status extends Operation {
        @Override
        Worker ask(ControlClient client) {
            return client.worker().status();
        }

        @Override
        int code(Worker worker) {
            return worker.notReady().isEmpty() ? 0 : Main.FAILED;
        }
    }

    @Command(
            name = "drain",
            description = "Have a running worker take no more calls; those that go on are not touched.",
            mixinStandardHelpOptions = true,
            footer = {"", "Needs a key of 'recaller key create --installation'."})
    static final class Drain extends Operation {
        @Override
        Worker ask(ControlClient client) {
            return client.worker().drain();
        }
    }

    @Command(
            name = "undrain",
            description = "Have a draining worker take calls again.",
            mixinStandardHelpOptions = true,
            footer = {"", "Needs a key of 'recaller key create --installation'."})
    static final class Undrain extends Operation {
        @Override
        Worker ask(ControlClient client) {
            return client.worker().undrain();
        }
    }
}
