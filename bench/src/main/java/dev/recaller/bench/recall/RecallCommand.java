package dev.recaller.bench.recall;

import dev.recaller.bench.recall.Population.Measured;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.recall.E5Embedder;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.sql.Folders;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "recall",
        mixinStandardHelpOptions = true,
        description = {
            "How long a recall takes among a million callers.",
            "",
            "Makes a database of so many callers of one organization in an embedded PostgreSQL (6 GB and about three minutes for"
                    + " the defaults; --data keeps it), then reads and searches some of them through the memory service as the"
                    + " worker's role, under row-level security: callers of 200, 1,000 and 10,000 rows, which carry vectors."
                    + " A search asks the database for changes, as it does in a call.",
            "",
            "Prints the plans of the statements and fails when a big table was read from end to end, or a goal is missed: the"
                    + " median of the runs' 95th percentile has to be under it."
        })
public final class RecallCommand implements Callable<Integer> {

    static final String HASH_KEY = "nobody is erased here";

    private static final int CONNECTIONS = 10;

    private record Task(String name, @Nullable Double goalMs, Supplier<Figures> measure) {}

    @Option(names = "--callers", defaultValue = "1000000", description = "Callers (default: ${DEFAULT-VALUE}).")
    private long callers;

    @Option(names = "--chunks", defaultValue = "10000000", description = "Their chunks (default: ${DEFAULT-VALUE}).")
    private long chunks;

    @Option(names = "--runs", defaultValue = "3", description = "Runs of all measurements (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(names = "--data", paramLabel = "DIR", description = "Keep the database there, and use it when it is there.")
    private @Nullable Path data;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures there.")
    private @Nullable Path json;

    private final PrintStream out = System.out;
    private final PrintStream progress = System.err;

    @Override
    public Integer call() throws Exception {
        if (callers < 1 || chunks < callers) {
            progress.println("bin/bench recall: --callers must be at least 1 and --chunks at least as many");
            return 2;
        }
        Path home = data == null ? Files.createTempDirectory("recaller-recall-") : data;
        try {
            return measure(home);
        } finally {
            if (data == null) {
                delete(home);
            }
        }
    }

    private int measure(Path home) throws SQLException, IOException {
        Path cache = Folders.ofEnvironment(System.getenv()).cache();
        var population = new Population(callers, chunks);
        try (E5Embedder model = E5Embedder.open();
                EmbeddedDatabase embedded = EmbeddedDatabase.open(new Folders(home, cache), progress::println)) {
            try (Database owner = Database.open(embedded.urls().owner(), 1)) {
                population.ensure(owner, model, progress);
            }
            long scans = Plans.sequentialScans(embedded.urls().reader());
            List<Line> lines = lines(embedded.urls().worker(), model);
            long scanned = Plans.sequentialScans(embedded.urls().reader()) - scans;
            Map<String, String> plans = Plans.of(
                    embedded.urls().worker(), Measured.SMALL.identities().getFirst(), model);
            print(population, lines, plans, scanned);
            boolean indexed = scanned == 0
                    && !plans.isEmpty()
                    && plans.values().stream().noneMatch(plan -> plan.contains("Seq Scan"));
            boolean met = lines.stream().allMatch(Line::met);
            if (json != null) {
                write(json, population, lines, plans, scanned);
            }
            return indexed && met ? 0 : 1;
        }
    }

    private List<Line> lines(String workerUrl, E5Embedder model) {
        var measuring = new Measuring();
        try (Database database = Database.open(workerUrl, CONNECTIONS);
                UnifiedMemoryService memory =
                        new UnifiedMemoryService(database, InstantSource.system(), HASH_KEY, model);
                UnifiedMemoryService reading =
                        new UnifiedMemoryService(database, InstantSource.system(), HASH_KEY, new ReadBefore(model))) {
            List<Task> tasks = List.of(
                    new Task("prefetch, 200 rows", 20.0, () -> measuring.prefetch(reading, Measured.SMALL, 300)),
                    new Task("prefetch, 10,000 rows", 250.0, () -> measuring.prefetch(reading, Measured.LARGE, 40)),
                    new Task("searchable, 200 rows", null, () -> measuring.searchable(reading, Measured.SMALL, 100)),
                    new Task("searchable, 10,000 rows", null, () -> measuring.searchable(reading, Measured.LARGE, 20)),
                    new Task("search, 1,000 rows", 5.0, () -> measuring.search(reading, Measured.MIDDLE, 500)),
                    new Task("search, 10,000 rows", 25.0, () -> measuring.search(reading, Measured.LARGE, 300)),
                    new Task(
                            "search with the model, 1,000 rows",
                            12.0,
                            () -> measuring.search(memory, Measured.MIDDLE, 500)));
            progress.println("warming up");
            for (Task task : tasks) {
                progress.printf(
                        "  %s: p95 %.1f ms%n", task.name(), task.measure().get().p95());
            }
            List<List<Figures>> figures = new ArrayList<>();
            tasks.forEach(_ -> figures.add(new ArrayList<>()));
            for (int run = 1; run <= runs; run++) {
                progress.printf("run %d of %d%n", run, runs);
                for (int task = 0; task < tasks.size(); task++) {
                    figures.get(task).add(tasks.get(task).measure().get());
                }
            }
            List<Line> lines = new ArrayList<>();
            for (int task = 0; task < tasks.size(); task++) {
                lines.add(new Line(tasks.get(task).name(), tasks.get(task).goalMs(), figures.get(task)));
            }
            return lines;
        }
    }

    private void print(Population population, List<Line> lines, Map<String, String> plans, long scanned) {
        plans.forEach((statement, plan) ->
                out.printf("%n%s%n%n%s%n", statement, plan.indent(4).stripTrailing()));
        out.printf("%n%s; %d runs: median (lowest to highest), in milliseconds%n%n", population.name(), runs);
        out.printf("%-36s%24s%24s%24s%10s%s%n", "", "p50", "p95", "p99", "goal p95", "");
        for (Line line : lines) {
            String goal = line.goalMs() == null ? "" : "< %.0f".formatted(line.goalMs());
            String verdict = line.goalMs() == null ? "" : line.met() ? "  met" : "  MISSED";
            out.printf(
                    "%-36s%24s%24s%24s%10s%s%n",
                    line.name(),
                    line.spread(Figures::p50),
                    line.spread(Figures::p95),
                    line.spread(Figures::p99),
                    goal,
                    verdict);
        }
        out.printf("%nsequential scans of big tables: %d%s%n", scanned, scanned == 0 ? "" : "  MISSED");
    }

    private static void write(
            Path file, Population population, List<Line> lines, Map<String, String> plans, long scanned)
            throws IOException {
        Files.writeString(
                file,
                new JsonMapper()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(Map.of(
                                "population", population, "lines", lines, "plans", plans, "sequentialScans", scanned)));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
