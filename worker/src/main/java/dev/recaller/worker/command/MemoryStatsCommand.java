package dev.recaller.worker.command;

import dev.recaller.sql.Database;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.Postgres;
import dev.recaller.worker.console.Terminal;
import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.store.MemoryStatistics;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "stats",
        description = "Tell what is remembered and what it is good for, in numbers.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Callers and new callers by day and week, the share that returns, recalls that helped (found something in time),",
            "chunks by type, topics, rows that retention has not deleted yet, calls a model has not read yet.",
            "No number is about one caller: groups of fewer than five callers are withheld.",
            "",
            "Examples:",
            "  recaller memory stats",
            "  recaller memory stats --org acme --json",
            "  recaller memory stats --all",
            "",
            "Dashboards read the same from the views stats_callers, stats_returning, stats_recalls, stats_chunks,",
            "stats_topics, stats_retention and stats_extraction, as the role recaller_reader.",
            "",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL (--all needs the role recaller_reader);",
            "or RECALLER_SERVER with RECALLER_KEY (not --all)."
        })
final class MemoryStatsCommand extends ServedOperation {

    @Option(names = "--all", description = "Every organization.")
    private boolean all;

    @Override
    int run(Configuration configuration) throws Exception {
        if (!all) {
            return super.run(configuration);
        }
        if (isOrganizationGiven() || asksWorker()) {
            throw misused("--all is of the database and everybody in it: give it without --org and --server.");
        }
        try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                Database database = postgres.forReading()) {
            print(new MemoryStatistics(database).read(null), Terminal.output());
        }
        return 0;
    }

    @Override
    int run(ControlClient client, PrintStream out) {
        print(client.memories().statistics(), out);
        return 0;
    }

    private void print(Map<String, List<Map<String, Object>>> statistics, PrintStream out) {
        if (json()) {
            out.println(json(statistics));
        } else {
            statistics.forEach((name, rows) -> print(name, rows, out));
        }
        out.flush();
    }

    private void print(String name, List<Map<String, Object>> rows, PrintStream out) {
        out.println(name + (rows.isEmpty() ? ": nothing, or too few callers to tell" : ""));
        for (Map<String, Object> row : rows) {
            Map<String, Object> shown = new LinkedHashMap<>(row);
            if (!all) {
                shown.remove("organization_id");
            }
            out.println("  "
                    + shown.entrySet().stream()
                            .map(column -> column.getKey() + " " + column.getValue())
                            .collect(Collectors.joining(", ")));
        }
    }
}
