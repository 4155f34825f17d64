package dev.recaller.worker.command;

import dev.recaller.sql.Database;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.Postgres;
import dev.recaller.worker.console.Terminal;
import dev.recaller.worker.store.FlowArchive;
import java.io.PrintStream;
import java.nio.file.Path;

/** What the commands on an organization's flows in the database share. */
abstract class FlowOperation extends OrganizationCommand {

    /**
     * What an operation works with.
     *
     * @param standard the file of the default flow
     */
    record Tools(String organizationId, FlowArchive flows, Path standard, PrintStream out) {}

    @Override
    final int run(Configuration configuration) throws Exception {
        prepare();
        try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                Database database = postgres.forWork()) {
            String organizationId = organizationId(configuration);
            PrintStream out = Terminal.output();
            int code = run(new Tools(organizationId, FlowArchive.in(database), configuration.flow(), out));
            out.flush();
            return code;
        }
    }

    /** Refuses what can be refused without a database. */
    void prepare() {}

    /** Returns the exit code. */
    abstract int run(Tools tools) throws Exception;
}
