package dev.recaller.bench.retrieval;

import dev.recaller.memory.recall.CallerIndex;
import dev.recaller.memory.recall.Passage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** How much of the evidence was found, summed over questions. */
final class Scores {

    private static final int FOUND = 10;
    private static final int BUDGET = 500;

    /** The share of evidence among the ten best, by category. */
    private final Map<Integer, double[]> recall = new TreeMap<>();

    private double sessions;
    private double inBudget;
    private int questions;

    void add(History.Probe probe, Set<UUID> sessionsNeeded, List<CallerIndex.Hit> hits) {
        int found = 0;
        int affordable = 0;
        int tokens = 0;
        Set<UUID> sessionsFound = new HashSet<>();
        for (int rank = 0; rank < hits.size(); rank++) {
            Passage passage = hits.get(rank).passage();
            boolean evidence = probe.evidence().contains(passage.id());
            tokens = tokens > BUDGET ? tokens : tokens + tokens(passage);
            affordable += evidence && tokens <= BUDGET ? 1 : 0;
            if (rank < FOUND) {
                found += evidence ? 1 : 0;
                if (passage.session() != null) {
                    sessionsFound.add(passage.session());
                }
            }
        }
        double all = probe.evidence().size();
        double[] sum = recall.computeIfAbsent(probe.category(), _ -> new double[2]);
        sum[0] += found / all;
        sum[1]++;
        sessions += sessionsFound.stream().anyMatch(sessionsNeeded::contains) ? 1 : 0;
        inBudget += affordable / all;
        questions++;
    }

    void add(Scores other) {
        other.recall.forEach((category, sum) -> {
            double[] here = recall.computeIfAbsent(category, _ -> new double[2]);
            here[0] += sum[0];
            here[1] += sum[1];
        });
        sessions += other.sessions;
        inBudget += other.inBudget;
        questions += other.questions;
    }

    double recall() {
        return recall(1, 2, 3, 4, 5, 0);
    }

    /** Of some categories; NaN where there is no such question. */
    double recall(int... categories) {
        double found = 0;
        double all = 0;
        for (int category : categories) {
            double[] sum = recall.getOrDefault(category, new double[2]);
            found += sum[0];
            all += sum[1];
        }
        return found / all;
    }

    double sessionAny() {
        return sessions / questions;
    }

    double inBudget() {
        return inBudget / questions;
    }

    /** What a turn costs in a prompt: a word is about four letters, a line a few more. */
    private static int tokens(Passage passage) {
        String speaker = passage.speaker() == null ? "" : passage.speaker() + ": ";
        return (speaker.length() + passage.text().length()) / 4 + 6;
    }
}
