package dev.recaller.worker.command;

import dev.recaller.worker.Configuration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** What the commands on one organization's rows share: which one, and an answer for people or for programs. */
abstract class OrganizationCommand extends RecallerCommand {

    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

    /** Stands for nothing in a line of columns, as in PostgreSQL's {@code COPY}. */
    static final String UNKNOWN = "\\N";

    @Option(names = "--org", paramLabel = "ID", description = "The organization instead of RECALLER_ORGANIZATION.")
    private @Nullable String organization;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    String organizationId(Configuration configuration) {
        return organization == null ? configuration.organizationId() : organization;
    }

    boolean isOrganizationGiven() {
        return organization != null;
    }

    boolean json() {
        return json;
    }

    static String json(Object answer) {
        return new JsonMapper().writeValueAsString(answer);
    }
}
