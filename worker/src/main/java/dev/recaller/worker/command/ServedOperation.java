package dev.recaller.worker.command;

import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.sql.Database;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.DataFolder;
import dev.recaller.worker.Postgres;
import dev.recaller.worker.console.Terminal;
import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.LocalControl;
import java.io.PrintStream;
import java.time.InstantSource;
import picocli.CommandLine.Mixin;

/**
 * A command that asks the control API: of a worker where one is named, else of this process, on the configured database and
 * as its operator.
 */
abstract class ServedOperation extends OrganizationCommand {

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Override
    int run(Configuration configuration) throws Exception {
        prepare();
        PrintStream out = Terminal.output();
        try {
            return server.isNamed() ? ofWorker(out) : ofDatabase(configuration, out);
        } finally {
            out.flush();
        }
    }

    private int ofWorker(PrintStream out) throws Exception {
        if (isOrganizationGiven()) {
            throw misused("--org is for the database: a worker knows the organization by the key.");
        }
        try (ControlClient client = server.open(this)) {
            return run(client, out);
        }
    }

    private int ofDatabase(Configuration configuration, PrintStream out) throws Exception {
        InstantSource clock = InstantSource.system();
        String hashKey = DataFolder.hashKey(configuration);
        try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                Database database = postgres.forWork();
                var memory = new UnifiedMemoryService(database, clock, hashKey, null);
                var control = LocalControl.ofDatabase(
                        organizationId(configuration),
                        operator(),
                        database,
                        memory,
                        new IdentityHash(hashKey),
                        clock)) {
            return run(control.client(), out);
        }
    }

    /** Who is at the database, for the audit. */
    static String operator() {
        return "operator:" + System.getProperty("user.name");
    }

    /** Whether a worker is asked, which has another folder than this process. */
    final boolean asksWorker() {
        return server.isNamed();
    }

    /** Refuses what can be refused without asking. */
    void prepare() {}

    /** Returns the exit code. */
    abstract int run(ControlClient client, PrintStream out) throws Exception;
}
