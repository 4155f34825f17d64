package dev.recaller.worker;

import dev.recaller.sql.Database;
import dev.recaller.worker.store.FlowArchive;
import java.io.PrintStream;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** What the commands on an organization's flows in the database share. */
abstract class FlowOperation extends RecallerCommand {

    static final String UNKNOWN = "\\N";

    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Option(names = "--org", paramLabel = "ID", description = "The organization instead of RECALLER_ORGANIZATION.")
    private @Nullable String organization;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** What an operation works with. */
    record Tools(String organizationId, FlowArchive flows, PrintStream out) {}

    @Override
    final int run(Configuration configuration) throws Exception {
        prepare();
        try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                Database database = postgres.forWork()) {
            String organizationId = organization == null ? configuration.organizationId() : organization;
            PrintStream out = Terminal.output();
            int code = run(new Tools(organizationId, FlowArchive.in(database), out));
            out.flush();
            return code;
        }
    }

    /** Refuses what can be refused without a database. */
    void prepare() {}

    /** Returns the exit code. */
    abstract int run(Tools tools) throws Exception;

    boolean json() {
        return json;
    }

    static String json(Object answer) {
        return new JsonMapper().writeValueAsString(answer);
    }
}
