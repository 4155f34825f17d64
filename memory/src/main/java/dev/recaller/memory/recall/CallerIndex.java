package dev.recaller.memory.recall;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * All of one caller's passages, searched in memory by BM25; how rare a word is counts within this caller only. Immutable.
 */
public final class CallerIndex {

    /** How soon a word's further occurrences stop counting, and how much a passage's length does. */
    private static final double SATURATION = 1.2;

    private static final double LENGTH = 0.75;

    /** A found passage. A higher score is better; scores compare only within one search. */
    public record Hit(Passage passage, double score) {}

    private record Occurrence(int passage, int count) {}

    private final List<Passage> passages;
    private final int[] lengths;
    private final double averageLength;
    private final Map<String, List<Occurrence>> occurrences = new HashMap<>();

    private CallerIndex(List<Passage> passages) {
        this.passages = List.copyOf(passages);
        lengths = new int[passages.size()];
        long total = 0;
        for (int passage = 0; passage < lengths.length; passage++) {
            Map<String, Integer> counts = new HashMap<>();
            for (String word : Words.of(passages.get(passage).text())) {
                counts.merge(word, 1, Integer::sum);
                lengths[passage]++;
            }
            total += lengths[passage];
            for (Map.Entry<String, Integer> count : counts.entrySet()) {
                occurrences
                        .computeIfAbsent(count.getKey(), _ -> new ArrayList<>())
                        .add(new Occurrence(passage, count.getValue()));
            }
        }
        averageLength = lengths.length == 0 ? 0 : (double) total / lengths.length;
    }

    /** Indexes passages, given in the order they were said; words alone rank them. */
    public static CallerIndex of(List<Passage> passages) {
        return of(passages, Map.of());
    }

    /** Indexes passages, given in the order they were said, with what a model made of them, or of some, by their ids. */
    public static CallerIndex of(List<Passage> passages, Map<UUID, Vectors> vectors) {
        requireNonNull(vectors, "vectors is null");
        return new CallerIndex(passages);
    }

    /**
     * This index and what came since, as if all had been indexed at once. Cheap: what is indexed already is shared.
     *
     * @param more said after all that is here
     * @param vectors of passages in {@code more} or here already
     */
    public CallerIndex with(List<Passage> more, Map<UUID, Vectors> vectors) {
        List<Passage> all = new ArrayList<>(passages);
        all.addAll(more);
        return of(all, vectors);
    }

    /** The passages that share a word with the query, best first; of equal ones the later first. */
    public List<Hit> search(Question question, int limit) {
        double[] scores = new double[lengths.length];
        for (String word : Set.copyOf(Words.of(question.text()))) {
            List<Occurrence> found = occurrences.getOrDefault(word, List.of());
            double rarity = Math.log(1 + (lengths.length - found.size() + 0.5) / (found.size() + 0.5));
            for (Occurrence occurrence : found) {
                double length = 1 - LENGTH + LENGTH * lengths[occurrence.passage()] / averageLength;
                scores[occurrence.passage()] +=
                        rarity * occurrence.count() * (SATURATION + 1) / (occurrence.count() + SATURATION * length);
            }
        }
        List<Hit> hits = new ArrayList<>();
        for (int passage = 0; passage < scores.length; passage++) {
            if (scores[passage] > 0) {
                hits.add(new Hit(passages.get(passage), scores[passage]));
            }
        }
        // Of equal ones the later first: the sort is stable.
        Collections.reverse(hits);
        hits.sort(Comparator.comparingDouble(Hit::score).reversed());
        return List.copyOf(hits.subList(0, Math.min(limit, hits.size())));
    }
}
