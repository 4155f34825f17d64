package dev.recaller.bench.retrieval;

import dev.recaller.memory.recall.E5Embedder;
import dev.recaller.memory.recall.Signal;
import dev.recaller.memory.recall.Weights;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "retrieval",
        description = "Measures how much of what a question needs is among what memory finds first.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "FILE is JSON: {\"conversations\": [{\"id\", \"session_dates\": {\"1\": \"1:56 pm on 8 May, 2023\"},",
            "  \"turns\": [{\"id\": \"D1:1\", \"sp\": speaker, \"tx\": text, \"cap\": a photo's caption or nothing}],",
            "  \"questions\": [{\"q\": text, \"cat\": 1 to 5, \"ev\": [ids of the turns that answer]}]}]}",
            "",
            "Examples:",
            "  bin/bench retrieval locomo.json --fit --json result.json",
            "  bin/bench retrieval --own"
        })
public final class RetrievalCommand implements Callable<Integer> {

    /** Hardly draws weights to be alike: the conversations are those to be measured. */
    private static final double WEAK = 0.002;

    /** Draws weights to be alike about as much as the questions draw them apart: invented calls are not the world. */
    private static final double STRONG = 0.05;

    private static final int FOLDS = 10;
    private static final int KEPT = 64;

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "Conversations and questions.")
    private @Nullable Path file;

    @Option(names = "--own", description = "Take the project's own calls, fit the weights that ship and print them.")
    private boolean own;

    @Option(names = "--fit", description = "Add a row with weights fitted by cross-validation over the conversations.")
    private boolean fit;

    @Option(names = "--each", description = "Add a row for each conversation.")
    private boolean each;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results for machines.")
    private @Nullable Path json;

    @Option(
            names = "--basis",
            paramLabel = "FILE",
            description = "Only make the file of token directions anew, from the own calls.")
    private @Nullable Path basis;

    @Option(
            names = "--cache",
            paramLabel = "FOLDER",
            defaultValue = "out",
            description = "Keeps embeddings. Default: ${DEFAULT-VALUE}")
    private Path cache = Path.of("out");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private record Row(String name, Scores scores) {}

    @Override
    public Integer call() throws IOException {
        try (E5Embedder embedder = E5Embedder.open()) {
            if (basis != null) {
                writeBasis(embedder, basis);
                return 0;
            }
            if (own == (file != null)) {
                throw new ParameterException(spec.commandLine(), "Give a FILE, or --own for the project's own calls.");
            }
            List<Prepared> histories = prepare(embedder, histories());
            List<Row> rows = rows(histories);
            print(rows);
            if (json != null) {
                writeJson(rows, json);
            }
        }
        return 0;
    }

    private List<History> histories() {
        if (file == null) {
            return OwnCalls.histories();
        }
        try {
            return HistoryFile.read(file);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private List<Prepared> prepare(E5Embedder embedder, List<History> histories) throws IOException {
        var known = EmbeddingCache.open(embedder, cache);
        int all = histories.stream()
                .mapToInt(
                        history -> history.passages().size() + history.probes().size())
                .sum();
        List<Prepared> prepared = new ArrayList<>();
        try (var progress = new Progress(spec.commandLine().getErr(), "embedding", all)) {
            for (History history : histories) {
                prepared.add(Prepared.of(history, known, progress::add));
            }
        }
        known.save();
        return prepared;
    }

    private List<Row> rows(List<Prepared> histories) {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row("shipped weights", scores(histories, Weights.SHIPPED, true)));
        rows.add(new Row("shipped weights, without the model", scores(histories, Weights.SHIPPED, false)));
        if (fit || own) {
            addFitted(histories, rows);
        }
        rows.add(new Row("BM25 alone", scores(histories, only(Signal.WORDS), false)));
        rows.add(new Row("e5 cosine alone", scores(histories, only(Signal.MEANING), true)));
        if (each) {
            for (Prepared history : histories) {
                rows.add(new Row(history.history().id(), history.scores(Weights.SHIPPED, true)));
                rows.add(new Row(
                        history.history().id() + ", without the model", history.scores(Weights.SHIPPED, false)));
            }
        }
        return rows;
    }

    private static Scores scores(List<Prepared> histories, Weights weights, boolean model) {
        var all = new Scores();
        histories.forEach(history -> all.add(history.scores(weights, model)));
        return all;
    }

    private static Weights only(Signal signal) {
        return new Weights(Map.of(signal, 1.0), Map.of(signal, 1.0), Map.of(signal, 1.0));
    }

    private void addFitted(List<Prepared> histories, List<Row> rows) {
        var fitting = new Fitting(own ? STRONG : WEAK);
        int folds = own ? OwnCalls.GROUPS : Math.min(FOLDS, histories.size());
        var with = new Scores();
        var without = new Scores();
        try (var progress = new Progress(spec.commandLine().getErr(), "fitting", folds)) {
            for (int fold = 0; fold < folds && folds > 1; fold++) {
                List<Prepared> seen = new ArrayList<>();
                List<Prepared> unseen = new ArrayList<>();
                for (int i = 0; i < histories.size(); i++) {
                    (i % folds == fold ? unseen : seen).add(histories.get(i));
                }
                Weights weights = fitting.fit(seen);
                with.add(scores(unseen, weights, true));
                without.add(scores(unseen, weights, false));
                progress.add(1);
            }
        }
        rows.add(new Row("fitted to the other conversations", with));
        rows.add(new Row("fitted to the others, without the model", without));
        if (own) {
            Weights weights = fitting.fit(histories);
            PrintWriter out = spec.commandLine().getOut();
            print(out, "first", weights.first());
            print(out, "last", weights.last());
            print(out, "words", weights.words());
        }
    }

    private static void print(PrintWriter out, String name, Map<Signal, Double> weights) {
        out.println(name + ": "
                + Arrays.stream(Signal.values())
                        .filter(weights::containsKey)
                        .map(signal -> String.format(Locale.ROOT, "%s %.1f", signal, weights.get(signal)))
                        .collect(Collectors.joining(", ")));
    }

    private record Column(String title, Function<Scores, Double> value) {}

    private void print(List<Row> rows) {
        List<Column> columns = new ArrayList<>(
                List.of(new Column("R@10", Scores::recall), new Column("1-4", scores -> scores.recall(1, 2, 3, 4))));
        for (int category = 1; category <= 5; category++) {
            int number = category;
            columns.add(new Column("c" + number, scores -> scores.recall(number)));
        }
        columns.add(new Column("session", Scores::sessionAny));
        columns.add(new Column("500 tok", Scores::inBudget));
        int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        PrintWriter out = spec.commandLine().getOut();
        out.println(" ".repeat(width)
                + columns.stream()
                        .map(column -> String.format("%9s", column.title()))
                        .collect(Collectors.joining()));
        for (Row row : rows) {
            out.println(row.name()
                    + " ".repeat(width - row.name().length())
                    + columns.stream()
                            .map(column -> column.value().apply(row.scores()))
                            .map(value -> value.isNaN()
                                    ? String.format("%9s", "-")
                                    : String.format(Locale.ROOT, "%9.1f", 100 * value))
                            .collect(Collectors.joining()));
        }
        out.flush();
    }

    private static void writeJson(List<Row> rows, Path file) throws IOException {
        Map<String, Object> result = new LinkedHashMap<>(values(rows.getFirst().scores()));
        Map<String, Object> byName = new LinkedHashMap<>();
        rows.forEach(row -> byName.put(row.name(), values(row.scores())));
        result.put("rows", byName);
        Files.write(file, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(result));
    }

    private static Map<String, Object> values(Scores scores) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("r_at_10", scores.recall());
        values.put("r_at_10_cat_1_4", scores.recall(1, 2, 3, 4));
        values.put("session_any_at_10", scores.sessionAny());
        values.put("evidence_500_tokens", scores.inBudget());
        return values;
    }

    private void writeBasis(E5Embedder embedder, Path target) throws IOException {
        List<History> histories = OwnCalls.histories();
        List<float[]> states = new ArrayList<>();
        try (var progress = new Progress(spec.commandLine().getErr(), "reading", histories.size())) {
            for (History history : histories) {
                for (var passage : history.passages()) {
                    states.addAll(Arrays.asList(embedder.states(passage.text())));
                }
                progress.add(1);
            }
        }
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(target)))) {
            for (double[] vector : Basis.of(states, KEPT)) {
                for (double number : vector) {
                    out.writeFloat((float) number);
                }
            }
        }
    }
}
