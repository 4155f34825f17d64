package dev.recaller.bench.phone;

import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "phone",
        mixinStandardHelpOptions = true,
        description = {
            "What callers do to a memory: scenarios with what must come of each, played on a real PostgreSQL.",
            "",
            "Scores by category. A known gap is a scenario that does not hold yet and says why; it counts as not held.",
            "",
            "Goal: every scenario holds that is no known gap, and at most one in twenty is one. The exit status is 1 when another"
                    + " scenario does not hold."
        })
public final class PhoneCommand implements Callable<Integer> {

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the scores there.")
    private @Nullable Path json;

    private final PrintStream out = System.out;

    /** Of one category, or of all. */
    record Score(int scenarios, int hold, int gaps, int checks, int checksHold) {

        static Score of(List<Player.Outcome> outcomes) {
            return new Score(
                    outcomes.size(),
                    Math.toIntExact(
                            outcomes.stream().filter(Player.Outcome::holds).count()),
                    Math.toIntExact(outcomes.stream()
                            .filter(outcome -> outcome.scenario().gap() != null)
                            .count()),
                    outcomes.stream().mapToInt(Player.Outcome::checks).sum(),
                    outcomes.stream()
                            .mapToInt(outcome ->
                                    outcome.checks() - outcome.failures().size())
                            .sum());
        }
    }

    @Override
    public Integer call() throws IOException {
        List<Player.Outcome> outcomes = play();
        Map<String, List<Player.Outcome>> byCategory = new LinkedHashMap<>();
        outcomes.forEach(outcome -> byCategory
                .computeIfAbsent(outcome.scenario().category(), _ -> new ArrayList<>())
                .add(outcome));
        Map<String, Score> scores = new LinkedHashMap<>();
        byCategory.forEach((category, all) -> scores.put(category, Score.of(all)));
        scores.put("all", Score.of(outcomes));
        print(scores);
        outcomes.stream().filter(outcome -> !outcome.holds()).forEach(this::print);
        if (json != null) {
            Files.writeString(
                    json, new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(scores));
        }
        boolean asExpected = outcomes.stream()
                .allMatch(outcome -> outcome.holds() || outcome.scenario().gap() != null);
        return asExpected ? 0 : 1;
    }

    private static List<Player.Outcome> play() {
        try (EmbeddedDatabase embedded = EmbeddedDatabase.temporary();
                Database worker = Database.open(embedded.urls().worker(), 2);
                Database reader = Database.open(embedded.urls().reader(), 1);
                var player = new Player(worker, reader)) {
            return PhoneSet.load().stream().map(player::play).toList();
        }
    }

    private void print(Map<String, Score> scores) {
        out.printf("%-24s%12s%12s%12s%16s%n", "", "scenarios", "hold", "known gaps", "checks");
        scores.forEach((category, score) -> out.printf(
                "%-24s%12d%12d%12d%16s%n",
                category, score.scenarios(), score.hold(), score.gaps(), score.checksHold() + " of " + score.checks()));
    }

    private void print(Player.Outcome outcome) {
        String gap = outcome.scenario().gap();
        out.printf(
                "%n%s: %s%n",
                gap == null ? "DOES NOT HOLD" : "known gap (" + gap + ")",
                outcome.scenario().name());
        outcome.failures().forEach(failure -> out.println("  " + failure));
    }
}
