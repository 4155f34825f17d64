package dev.recaller.bench.recall;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one kind of operation, run by run.
 *
 * @param goalMs that the median of the runs' p95 has to be under; null: only shown
 */
record Line(String name, @Nullable Double goalMs, List<Figures> runs) {

    boolean met() {
        return goalMs == null || median(Figures::p95) < goalMs;
    }

    double median(ToDoubleFunction<Figures> figure) {
        double[] sorted = sorted(figure);
        return sorted[sorted.length / 2];
    }

    /** Median of the runs, lowest to highest. */
    String spread(ToDoubleFunction<Figures> figure) {
        double[] sorted = sorted(figure);
        return "%.1f (%.1f to %.1f)".formatted(median(figure), sorted[0], sorted[sorted.length - 1]);
    }

    private double[] sorted(ToDoubleFunction<Figures> figure) {
        return runs.stream().mapToDouble(figure).sorted().toArray();
    }
}
