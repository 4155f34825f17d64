package dev.recaller.worker.command;

import dev.recaller.worker.Configuration;
import dev.recaller.worker.console.Terminal;
import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.ControlException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that asks the control API of a worker that runs. */
abstract class ControlOperation extends RecallerCommand {

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Option(names = "--json", description = "Print JSON, a line each.")
    private boolean json;

    @Override
    final int run(Configuration configuration) throws IOException {
        PrintStream out = Terminal.output();
        try (ControlClient client = server.open(this)) {
            return run(client, out);
        } catch (ControlException e) {
            return run(e.elsewhere().orElseThrow(() -> e), out);
        } finally {
            out.flush();
        }
    }

    /** Of a call that another worker has: that one is asked. */
    private int run(URI elsewhere, PrintStream out) throws IOException {
        try (ControlClient client = server.open(this, elsewhere.toString())) {
            return run(client, out);
        }
    }

    /** Returns the exit code. */
    abstract int run(ControlClient client, PrintStream out);

    /** At once, so that who reads along sees it. */
    final void print(PrintStream out, Object forPrograms, String forPeople) {
        out.println(json ? OrganizationCommand.json(forPrograms) : forPeople);
        out.flush();
    }

    final boolean json() {
        return json;
    }
}
