package dev.recaller.memory.recall;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * How much each signal counts in a score.
 *
 * @param first of all passages, with vectors; the best fifty of these are then looked at word by word
 * @param last of those fifty
 * @param words without vectors
 */
public record Weights(Map<Signal, Double> first, Map<Signal, Double> last, Map<Signal, Double> words) {

    /**
     * Fitted to the project's own generated calls; {@code bin/bench retrieval --own} fits and prints them again. Each is
     * drawn towards one common value as strongly as the calls draw it away, as invented calls are not the world.
     */
    public static final Weights SHIPPED = new Weights(
            Map.ofEntries(
                    Map.entry(Signal.PAIR_WORDS, 1.6),
                    Map.entry(Signal.AROUND_WORDS, 1.2),
                    Map.entry(Signal.CALL_WORDS, 1.2),
                    Map.entry(Signal.WORDS_TWO_BEFORE, 1.3),
                    Map.entry(Signal.MEANING, 2.6),
                    Map.entry(Signal.PAIR_MEANING, 2.6),
                    Map.entry(Signal.MEANING_BEFORE, 1.5),
                    Map.entry(Signal.MEANING_AFTER, 1.3),
                    Map.entry(Signal.SPEAKER, 1.9),
                    Map.entry(Signal.DATE, 3.0),
                    Map.entry(Signal.ASKS, -1.8),
                    Map.entry(Signal.FIRST, 1.4),
                    Map.entry(Signal.PERSONAL, 0.4),
                    Map.entry(Signal.TIME, 0.7),
                    Map.entry(Signal.TIME_ASKED, 1.4),
                    Map.entry(Signal.NUMBER_ASKED, 1.7),
                    Map.entry(Signal.FACT, 1.5)),
            Map.ofEntries(
                    Map.entry(Signal.PAIR_WORDS, 1.2),
                    Map.entry(Signal.AROUND_WORDS, 0.9),
                    Map.entry(Signal.CALL_WORDS, 1.0),
                    Map.entry(Signal.WORDS_TWO_BEFORE, 1.2),
                    Map.entry(Signal.MEANING, 1.8),
                    Map.entry(Signal.PAIR_MEANING, 1.9),
                    Map.entry(Signal.MEANING_BEFORE, 1.2),
                    Map.entry(Signal.MEANING_AFTER, 1.1),
                    Map.entry(Signal.SPEAKER, 1.8),
                    Map.entry(Signal.DATE, 2.7),
                    Map.entry(Signal.ASKS, -1.6),
                    Map.entry(Signal.FIRST, 1.3),
                    Map.entry(Signal.PERSONAL, 0.2),
                    Map.entry(Signal.TIME, 0.5),
                    Map.entry(Signal.TIME_ASKED, 1.3),
                    Map.entry(Signal.NUMBER_ASKED, 1.4),
                    Map.entry(Signal.FACT, 1.3),
                    Map.entry(Signal.MATCH, 2.5),
                    Map.entry(Signal.MATCH_BEFORE, 1.0)),
            Map.ofEntries(
                    Map.entry(Signal.PAIR_WORDS, 1.1),
                    Map.entry(Signal.AROUND_WORDS, 0.8),
                    Map.entry(Signal.CALL_WORDS, 1.0),
                    Map.entry(Signal.WORDS, 1.3),
                    Map.entry(Signal.WORDS_BEFORE, 1.3),
                    Map.entry(Signal.WORDS_AFTER, 0.5),
                    Map.entry(Signal.WORDS_TWO_BEFORE, 1.2),
                    Map.entry(Signal.LETTERS, 1.3),
                    Map.entry(Signal.PHRASES, 0.9),
                    Map.entry(Signal.SPEAKER, 1.8),
                    Map.entry(Signal.DATE, 2.9),
                    Map.entry(Signal.ASKS, -1.5),
                    Map.entry(Signal.FIRST, 0.8),
                    Map.entry(Signal.PERSONAL, 0.2),
                    Map.entry(Signal.TIME, 0.5),
                    Map.entry(Signal.TIME_ASKED, 1.2),
                    Map.entry(Signal.NUMBER_ASKED, 1.4),
                    Map.entry(Signal.FACT, 1.1)));

    public Weights {
        requireNonNull(first, "first is null");
        requireNonNull(last, "last is null");
        requireNonNull(words, "words is null");
        first = Map.copyOf(first);
        last = Map.copyOf(last);
        words = Map.copyOf(words);
    }
}
