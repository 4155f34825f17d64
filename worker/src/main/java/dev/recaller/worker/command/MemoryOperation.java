package dev.recaller.worker.command;

import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.sql.Database;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.DataFolder;
import dev.recaller.worker.Postgres;
import dev.recaller.worker.console.Terminal;
import java.io.PrintStream;
import java.time.InstantSource;

/** What the commands under {@code memory} share: one organization, its database, an answer for people or for programs. */
abstract class MemoryOperation extends OrganizationCommand {

    /**
     * What an operation works with.
     *
     * @param actor who does it, for the audit
     */
    record Tools(
            String organizationId,
            UnifiedMemoryService memory,
            Database database,
            InstantSource clock,
            IdentityHash hash,
            String actor,
            PrintStream out) {}

    @Override
    final int run(Configuration configuration) throws Exception {
        InstantSource clock = InstantSource.system();
        String hashKey = DataFolder.hashKey(configuration);
        try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                Database database = postgres.forWork();
                UnifiedMemoryService memory = new UnifiedMemoryService(database, clock, hashKey, null)) {
            String organizationId = organizationId(configuration);
            PrintStream out = Terminal.output();
            String actor = "operator:" + System.getProperty("user.name");
            int code = run(new Tools(organizationId, memory, database, clock, new IdentityHash(hashKey), actor, out));
            out.flush();
            return code;
        }
    }

    /** Returns the exit code. */
    abstract int run(Tools tools) throws Exception;
}
