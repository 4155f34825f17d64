package dev.recaller.worker;

import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.sql.Database;
import java.io.PrintStream;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** What the commands under {@code memory} share: one organization, its database, an answer for people or for programs. */
abstract class MemoryOperation extends RecallerCommand {

    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Option(names = "--org", paramLabel = "ID", description = "The organization instead of RECALLER_ORGANIZATION.")
    private @Nullable String organization;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** What an operation works with. */
    record Tools(
            String organizationId,
            UnifiedMemoryService memory,
            Database database,
            InstantSource clock,
            PrintStream out) {}

    @Override
    final int run(Configuration configuration) throws Exception {
        InstantSource clock = InstantSource.system();
        try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                Database database = postgres.forWork();
                UnifiedMemoryService memory = new UnifiedMemoryService(database, clock, null)) {
            String organizationId = organization == null ? configuration.organizationId() : organization;
            PrintStream out = Terminal.output();
            int code = run(new Tools(organizationId, memory, database, clock, out));
            out.flush();
            return code;
        }
    }

    /** Returns the exit code. */
    abstract int run(Tools tools) throws Exception;

    boolean json() {
        return json;
    }

    static String json(Object answer) {
        return new JsonMapper().writeValueAsString(answer);
    }
}
