package dev.recaller.bench.flow;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.line.Heard;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "flow",
        mixinStandardHelpOptions = true,
        description = {
            "What a flow costs: a step (JMH, three JVMs), a call that waits for its caller, a large document.",
            "",
            "Goals on two cores: a step without I/O under 20 microseconds, a document of 10,000 nodes checked in under a second"
                    + " (median of the runs), 10,000 text calls at once in one JVM, each answering."
        })
public final class FlowCommand implements Callable<Integer> {

    private static final int WARM_UP = 3;
    private static final double STEP_GOAL_US = 20;
    private static final double CHECK_GOAL_MS = 1_000;

    @Option(names = "--calls", defaultValue = "10000", description = "Calls at once (default: ${DEFAULT-VALUE}).")
    private int calls;

    @Option(names = "--nodes", defaultValue = "10000", description = "Of the document (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(names = "--runs", defaultValue = "5", description = "Of checking it (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures there.")
    private @Nullable Path json;

    private final PrintStream out = System.out;
    private final PrintStream progress = System.err;

    /** @param error of the mean, at 99.9 % confidence */
    private record Step(double microseconds, double error) {}

    private record Calls(int calls, double bytesEach, double turnsPerSecond) {}

    @Override
    public Integer call() throws Exception {
        progress.println("a step: three JVMs, about a minute");
        Step step = step();
        progress.println("a document of " + nodes + " nodes");
        double[] checks = checks();
        progress.println(calls + " calls");
        Calls waiting = waiting();
        boolean quick = step.microseconds() < STEP_GOAL_US;
        boolean checked = median(checks) < CHECK_GOAL_MS;
        out.printf(
                "%na node step without I/O      %8.2f us (+- %.2f)      goal < %.0f us  %s%n",
                step.microseconds(), step.error(), STEP_GOAL_US, verdict(quick));
        out.printf(
                "a flow of %,d nodes checked %6.0f ms (%.0f to %.0f)   goal < %.0f ms  %s%n",
                nodes, median(checks), checks[0], checks[checks.length - 1], CHECK_GOAL_MS, verdict(checked));
        out.printf(
                "%,d text calls at once        %6.1f kB each, %,.0f turns a second%n",
                waiting.calls(), waiting.bytesEach() / 1024, waiting.turnsPerSecond());
        if (json != null) {
            write(json, step, checks, waiting);
        }
        return quick && checked ? 0 : 1;
    }

    private static String verdict(boolean met) {
        return met ? "met" : "MISSED";
    }

    private static Step step() throws RunnerException {
        var options = new OptionsBuilder()
                .include(NodeStep.class.getName() + ".step")
                .verbosity(VerboseMode.SILENT)
                .build();
        RunResult result = new Runner(options).runSingle();
        return new Step(
                result.getPrimaryResult().getScore(), result.getPrimaryResult().getScoreError());
    }

    private double[] checks() {
        String document = Flows.document(nodes);
        double[] took = new double[runs];
        for (int run = -WARM_UP; run < runs; run++) {
            long begun = System.nanoTime();
            Flow flow = Flows.parse(document);
            if (run >= 0) {
                took[run] = (System.nanoTime() - begun) / 1e6;
            }
            if (flow.nodes().size() != nodes + 1) {
                throw new IllegalStateException("nodes are missing");
            }
        }
        Arrays.sort(took);
        return took;
    }

    /** All calls wait for their callers; then each caller says something, and the next call is told when it was heard. */
    private Calls waiting() throws InterruptedException {
        Flow flow = Flows.listening();
        List<TextCall.Waiting> lines = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long before = used();
            for (int i = 0; i < calls; i++) {
                var line = new TextCall.Waiting();
                lines.add(line);
                var _ = threads.submit(() -> TextCall.run(flow, line));
            }
            talk(lines); // everybody has been here once
            double bytes = (used() - before) / (double) calls;
            long begun = System.nanoTime();
            int rounds = 5;
            for (int round = 0; round < rounds; round++) {
                talk(lines);
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            for (TextCall.Waiting line : lines) {
                line.tell(new Heard.HungUp());
            }
            return new Calls(calls, bytes, rounds * (double) calls / seconds);
        }
    }

    private static void talk(List<TextCall.Waiting> lines) throws InterruptedException {
        for (TextCall.Waiting line : lines) {
            line.tell(new Heard.Speech("I would like to move my appointment to Friday."));
        }
    }

    /** Of the heap, in bytes, by what still refers to it. */
    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }

    private static void write(Path file, Step step, double[] checks, Calls waiting) throws IOException {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("step_us", step.microseconds());
        figures.put("step_error_us", step.error());
        figures.put("check_ms", checks);
        figures.put("calls", waiting.calls());
        figures.put("bytes_a_call", waiting.bytesEach());
        figures.put("turns_per_second", waiting.turnsPerSecond());
        Files.writeString(
                file, new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(figures));
    }
}
