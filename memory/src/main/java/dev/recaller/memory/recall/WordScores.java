package dev.recaller.memory.recall;

import java.util.function.Function;

/** How well the terms of a question fit entries, alone and together with those around them. */
final class WordScores {

    /** k1 and b as Anserini takes them for short passages. */
    private static final Bm25 PASSAGE = new Bm25(0.9, 0.4);

    /** k1 and b as most take them for documents. */
    private static final Bm25 CALL = new Bm25(1.2, 0.75);

    private final Placement placement;
    private final int[][] counts;
    private final int[] lengths;

    /** @param part which terms of an entry are compared */
    WordScores(Placement placement, Terms asked, Function<Entry, Terms> part) {
        this.placement = placement;
        counts = new int[asked.numbers().length][placement.entries()];
        lengths = new int[placement.entries()];
        var slots = new TermSlots(asked.numbers());
        for (int place = 0; place < lengths.length; place++) {
            Terms terms = part.apply(placement.entry(place));
            lengths[place] = terms.length();
            for (int i = 0; i < terms.numbers().length; i++) {
                int term = slots.of(terms.numbers()[i]);
                if (term >= 0) {
                    counts[term][place] = terms.counts()[i];
                }
            }
        }
    }

    /** Of each entry, facts included; what is rare is decided by those that can be found. */
    double[] alone() {
        return PASSAGE.scores(counts, lengths, placement.candidates());
    }

    double[] withPrevious() {
        return window(false);
    }

    double[] withNeighbours() {
        return window(true);
    }

    private double[] window(boolean next) {
        int[][] windows = new int[counts.length][];
        for (int term = 0; term < counts.length; term++) {
            windows[term] = window(counts[term], next);
        }
        return PASSAGE.scores(windows, window(lengths, next), placement.candidates());
    }

    private int[] window(int[] each, boolean withNext) {
        int[] windows = new int[placement.candidates()];
        for (int place = 0; place < windows.length; place++) {
            int previous = placement.previous(place);
            int next = withNext ? placement.next(place) : -1;
            windows[place] = each[place] + (previous < 0 ? 0 : each[previous]) + (next < 0 ? 0 : each[next]);
        }
        return windows;
    }

    /** Of each call as a whole. */
    double[] calls() {
        int[][] inCalls = new int[counts.length][];
        for (int term = 0; term < counts.length; term++) {
            inCalls[term] = inCalls(counts[term]);
        }
        return CALL.scores(inCalls, inCalls(lengths), placement.calls());
    }

    private int[] inCalls(int[] each) {
        int[] sums = new int[placement.calls()];
        for (int place = 0; place < placement.candidates(); place++) {
            if (placement.call(place) >= 0) {
                sums[placement.call(place)] += each[place];
            }
        }
        return sums;
    }
}
