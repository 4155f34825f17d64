package dev.recaller.bench.retrieval;

import dev.recaller.memory.recall.Signal;
import dev.recaller.memory.recall.Weights;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds weights for histories. */
final class Fitting {

    /** Before anything is known every signal counts the same; that a turn asks speaks against it. */
    private static final double ALIKE = 1;

    private static final Set<Signal> LAST_ONLY = Set.of(Signal.MATCH, Signal.MATCH_BEFORE);

    private final double pull;

    /** @param pull how strongly each question draws weights to be alike */
    Fitting(double pull) {
        this.pull = pull;
    }

    Weights fit(List<Prepared> histories) {
        Map<Signal, Double> first = prior(Weights.SHIPPED.first());
        Map<Signal, Double> last = prior(Weights.SHIPPED.last());
        Map<Signal, Double> words = prior(Weights.SHIPPED.words());
        first.keySet().removeAll(LAST_ONLY);
        Weights weights = new Weights(first, last, words);
        weights = new Weights(first, last, fit(histories, words, weights, false));
        weights = new Weights(fit(histories, first, weights, true), last, weights.words());
        return new Weights(weights.first(), fit(histories, last, weights, true), weights.words());
    }

    private Map<Signal, Double> fit(
            List<Prepared> histories, Map<Signal, Double> prior, Weights weights, boolean model) {
        int questions =
                histories.stream().mapToInt(history -> history.asked().size()).sum();
        var list = new Listwise(prior, pull * questions);
        for (Prepared history : histories) {
            for (int number = 0; number < history.asked().size(); number++) {
                list.add(history.index().signals(history.question(number, model), weights), history.evidence(number));
            }
        }
        return list.fit();
    }

    private static Map<Signal, Double> prior(Map<Signal, Double> like) {
        Map<Signal, Double> prior = new EnumMap<>(Signal.class);
        like.keySet().forEach(signal -> prior.put(signal, signal == Signal.ASKS ? -ALIKE : ALIKE));
        return prior;
    }
}
