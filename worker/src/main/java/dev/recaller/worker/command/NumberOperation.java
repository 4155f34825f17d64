package dev.recaller.worker.command;

import dev.recaller.memory.privacy.Audit;
import dev.recaller.sql.Database;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.DataFolder;
import dev.recaller.worker.Postgres;
import dev.recaller.worker.caller.CallerId;
import dev.recaller.worker.caller.NumberHash;
import dev.recaller.worker.console.Terminal;
import dev.recaller.worker.store.NumberBook;
import java.io.PrintStream;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What the commands under {@code number} share. */
abstract class NumberOperation extends OrganizationCommand {

    /**
     * What an operation works with.
     *
     * @param note tells the audit that it was done
     */
    record Tools(String organizationId, NumberBook numbers, NumberHash hash, Runnable note, PrintStream out) {}

    private final Audit.Action action;

    NumberOperation(Audit.Action action) {
        this.action = action;
    }

    @Override
    final int run(Configuration configuration) throws Exception {
        prepare();
        String organizationId = organizationId(configuration);
        NumberHash hash = new NumberHash(DataFolder.hashKey(configuration));
        try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                Database database = postgres.forWork()) {
            PrintStream out = Terminal.output();
            var audit = new Audit(database, InstantSource.system());
            String actor = "operator:" + System.getProperty("user.name");
            Runnable note = () -> audit.note(organizationId, actor, action);
            int code = run(new Tools(organizationId, NumberBook.in(database), hash, note, out));
            out.flush();
            return code;
        }
    }

    /** Refuses what can be refused without a database. */
    void prepare() {}

    /** Returns the exit code. */
    abstract int run(Tools tools);

    String international(String name, String given) {
        String number = CallerId.of(given, "ZZ").phoneNumber();
        if (number == null) {
            throw misused(name + " " + given + " is not an international number like +1234567890.");
        }
        return number;
    }

    /** For a line of columns. */
    static String column(@Nullable String value) {
        return value == null ? UNKNOWN : value.replaceAll("[\\t\\r\\n]", " ");
    }
}
