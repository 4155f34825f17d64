package dev.recaller.bench.writes;

import dev.recaller.memory.Assurance;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.sql.Folders;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "writes",
        mixinStandardHelpOptions = true,
        description = {
            "How many turns are stored a second, and how long one takes, at many concurrent calls.",
            "",
            "A fresh embedded PostgreSQL with durable settings (fsync on), the worker's role and its pool of connections. Each"
                    + " call stores a turn, rules included, before it says the next: first as fast as they go, then paced like"
                    + " real calls, a turn every 3 s. The same turns go into a plain table (one insert, one commit, no rules,"
                    + " no row-level security) in the same run; the ratio to it is what counts on another machine. Vectors, which are made"
                    + " in the background, are left out.",
            "",
            "Goals, at 200 calls on two cores: paced, p99 under 50 ms; as fast as they go, at least ten times what 200 real"
                    + " calls say (667 turns a second). A turn is six round trips (its caller's lock, erasures, the call's"
                    + " earlier turns, the insert among them), a bare insert two."
        })
public final class WritesCommand implements Callable<Integer> {

    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration PACE = Duration.ofSeconds(3);
    private static final int CONNECTIONS = 10;

    @Option(names = "--calls", description = "Concurrent calls (default: ${DEFAULT-VALUE}).", defaultValue = "200")
    private int calls;

    @Option(names = "--seconds", description = "Of each measurement (default: ${DEFAULT-VALUE}).", defaultValue = "10")
    private int seconds;

    @Option(
            names = "--runs",
            description = "Runs, each of all measurements (default: ${DEFAULT-VALUE}).",
            defaultValue = "3")
    private int runs;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures there.")
    private @Nullable Path json;

    private final PrintStream out = System.out;
    private final PrintStream progress = System.err;

    @Override
    public Integer call() throws Exception {
        Path home = Files.createTempDirectory("recaller-writes-");
        try (EmbeddedDatabase embedded = EmbeddedDatabase.open(
                        new Folders(home, Folders.ofEnvironment(System.getenv()).cache()), progress::println);
                Database owner = Database.open(embedded.urls().owner(), 1);
                Database database = Database.open(embedded.urls().worker(), CONNECTIONS);
                var memory =
                        new UnifiedMemoryService(database, InstantSource.system(), "nobody is erased here", null)) {
            PlainTable.create(owner, "recaller_worker");
            print(measure(memory(memory), new PlainTable(database, CONNECTIONS)));
            return 0;
        } finally {
            delete(home);
        }
    }

    private Map<String, List<Measured>> measure(TurnStore memory, TurnStore plain) throws InterruptedException {
        var fast = new Load(calls, Duration.ZERO);
        var paced = new Load(calls, PACE);
        for (TurnStore store : List.of(memory, plain)) {
            progress.println("warming up");
            fast.run(store, WARM_UP);
        }
        Map<String, List<Measured>> measured = new LinkedHashMap<>();
        for (int run = 1; run <= runs; run++) {
            for (Load load : List.of(fast, paced)) {
                progress.printf("run %d of %d, %s%n", run, runs, name(load));
                Measured ofMemory = load.run(memory, Duration.ofSeconds(seconds));
                Measured ofPlain = load.run(plain, Duration.ofSeconds(seconds));
                add(measured, name(load) + "/memory", ofMemory);
                add(measured, name(load) + "/plain table", ofPlain);
                add(measured, name(load) + "/ratio", ofMemory.relativeTo(ofPlain));
            }
        }
        return measured;
    }

    private static TurnStore memory(UnifiedMemoryService memory) {
        return (caller, callId, turn) -> memory.store(
                MemoryIdentity.ofPhone("default", "+1555%07d".formatted(caller)),
                new Conversation(callId, Assurance.PRESENTED, List.of(turn)),
                MemoryConfiguration.DEFAULT);
    }

    private static String name(Load load) {
        return load.pace().isZero()
                ? "as fast as they go"
                : "a turn every " + load.pace().toSeconds() + " s";
    }

    private static void add(Map<String, List<Measured>> measured, String row, Measured one) {
        measured.computeIfAbsent(row, _ -> new ArrayList<>()).add(one);
    }

    private void print(Map<String, List<Measured>> measured) throws IOException {
        out.printf(
                "%n%d concurrent calls, %d connections, fsync on; %d runs of %d s: median (lowest to highest)%n%n",
                calls, CONNECTIONS, runs, seconds);
        out.printf("%-34s%24s%24s%24s%24s%n", "", "turns a second", "p50 ms", "p95 ms", "p99 ms");
        measured.forEach((row, all) -> out.printf(
                "%-34s%24s%24s%24s%24s%n",
                row.replace("/", ": "),
                spread(all, Measured::perSecond),
                spread(all, Measured::p50Ms),
                spread(all, Measured::p95Ms),
                spread(all, Measured::p99Ms)));
        if (json != null) {
            Files.writeString(
                    json,
                    new JsonMapper()
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsString(
                                    Map.of("calls", calls, "connections", CONNECTIONS, "measured", measured)));
        }
    }

    private interface Figure {
        double of(Measured measured);
    }

    private static String spread(List<Measured> all, Figure figure) {
        double[] sorted = all.stream().mapToDouble(figure::of).sorted().toArray();
        return format(sorted[sorted.length / 2]) + " (" + format(sorted[0]) + " to " + format(sorted[sorted.length - 1])
                + ")";
    }

    private static String format(double value) {
        return value >= 100 ? "%.0f".formatted(value) : value >= 10 ? "%.1f".formatted(value) : "%.2f".formatted(value);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
