package dev.recaller.bench.retrieval;

import static java.util.Objects.requireNonNull;

import dev.recaller.memory.recall.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Listwise logistic regression: weights under which the turns that answer are the likeliest of a softmax over all of
 * their caller's turns. Drawn towards a prior, whose scale is fitted first; Newton's method on a convex loss.
 */
final class Listwise {

    private static final int STEPS = 40;
    private static final double DONE = 1e-6;

    private final List<Signal> signals;
    private final double[] prior;
    private final double pull;
    private final List<Example> examples = new ArrayList<>();

    /** @param evidence places of the turns that answer */
    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Example(float[][] rows, int[] evidence) {}

    /** @param pull how many questions the prior is worth, for each weight */
    Listwise(Map<Signal, Double> prior, double pull) {
        signals = List.copyOf(new EnumMap<>(prior).keySet());
        this.prior = signals.stream().mapToDouble(prior::get).toArray();
        this.pull = pull;
    }

    void add(Map<Signal, double[]> values, int[] evidence) {
        int places = values.values().iterator().next().length;
        float[][] rows = new float[places][signals.size()];
        for (int signal = 0; signal < signals.size(); signal++) {
            double[] each = requireNonNull(values.get(signals.get(signal)));
            for (int place = 0; place < places; place++) {
                rows[place][signal] = (float) each[place];
            }
        }
        examples.add(new Example(rows, evidence));
    }

    Map<Signal, Double> fit() {
        double scale = scale();
        double[] target = Arrays.stream(prior).map(weight -> weight * scale).toArray();
        double[] weights = target.clone();
        for (int step = 0; step < STEPS; step++) {
            Curve curve = new Curve(weights, target);
            double[] move = solve(curve.bend, curve.slope);
            double length = 1;
            double[] moved = minus(weights, move, length);
            while (length > DONE && new Curve(moved, target).loss > curve.loss) {
                length /= 2;
                moved = minus(weights, move, length);
            }
            weights = moved;
            if (Arrays.stream(move).map(Math::abs).max().orElse(0) * length < 1e-4) {
                break;
            }
        }
        Map<Signal, Double> fitted = new EnumMap<>(Signal.class);
        for (int i = 0; i < weights.length; i++) {
            fitted.put(signals.get(i), weights[i]);
        }
        return fitted;
    }

    /** How large the prior must be for the likeliest softmax: golden-section search. */
    private double scale() {
        double low = 0.1;
        double high = 10;
        double ratio = (Math.sqrt(5) - 1) / 2;
        while (high - low > 0.05) {
            double left = high - ratio * (high - low);
            double right = low + ratio * (high - low);
            if (loss(left) < loss(right)) {
                high = right;
            } else {
                low = left;
            }
        }
        return (low + high) / 2;
    }

    private double loss(double scale) {
        double[] weights = Arrays.stream(prior).map(weight -> weight * scale).toArray();
        double loss = 0;
        for (Example example : examples) {
            loss += loss(example, chances(example, weights));
        }
        return loss;
    }

    private static double loss(Example example, double[] chances) {
        double loss = 0;
        for (int place : example.evidence) {
            loss -= Math.log(Math.max(chances[place], 1e-300)) / example.evidence.length;
        }
        return loss;
    }

    private static double[] chances(Example example, double[] weights) {
        double[] chances = new double[example.rows.length];
        double highest = Double.NEGATIVE_INFINITY;
        for (int place = 0; place < chances.length; place++) {
            float[] row = example.rows[place];
            for (int i = 0; i < weights.length; i++) {
                chances[place] += weights[i] * row[i];
            }
            highest = Math.max(highest, chances[place]);
        }
        double sum = 0;
        for (int place = 0; place < chances.length; place++) {
            chances[place] = Math.exp(chances[place] - highest);
            sum += chances[place];
        }
        for (int place = 0; place < chances.length; place++) {
            chances[place] /= sum;
        }
        return chances;
    }

    /** The loss with its first and second derivatives. */
    private final class Curve {
        private double loss;
        private final double[] slope;
        private final double[][] bend;

        Curve(double[] weights, double[] target) {
            int size = weights.length;
            slope = new double[size];
            bend = new double[size][size];
            for (Example example : examples) {
                add(example, chances(example, weights));
            }
            for (int i = 0; i < size; i++) {
                double away = weights[i] - target[i];
                loss += pull * away * away / 2;
                slope[i] += pull * away;
                bend[i][i] += pull + 1e-9;
            }
        }

        private void add(Example example, double[] chances) {
            int size = slope.length;
            double[] mean = new double[size];
            for (int place = 0; place < chances.length; place++) {
                float[] row = example.rows[place];
                double chance = chances[place];
                if (chance < 1e-9) {
                    continue;
                }
                for (int i = 0; i < size; i++) {
                    mean[i] += chance * row[i];
                    for (int j = 0; j <= i; j++) {
                        bend[i][j] += chance * row[i] * row[j];
                    }
                }
            }
            loss += Listwise.loss(example, chances);
            for (int i = 0; i < size; i++) {
                slope[i] += mean[i];
                for (int place : example.evidence) {
                    slope[i] -= example.rows[place][i] / example.evidence.length;
                }
                for (int j = 0; j <= i; j++) {
                    bend[i][j] -= mean[i] * mean[j];
                    bend[j][i] = bend[i][j];
                }
            }
        }
    }

    private static double[] minus(double[] from, double[] move, double length) {
        double[] moved = new double[from.length];
        for (int i = 0; i < from.length; i++) {
            moved[i] = from[i] - length * move[i];
        }
        return moved;
    }

    /** Gauss with pivots. */
    private static double[] solve(double[][] matrix, double[] right) {
        int size = right.length;
        double[][] rows = new double[size][];
        for (int i = 0; i < size; i++) {
            rows[i] = Arrays.copyOf(matrix[i], size + 1);
            rows[i][size] = right[i];
        }
        for (int column = 0; column < size; column++) {
            int pivot = column;
            for (int i = column + 1; i < size; i++) {
                pivot = Math.abs(rows[i][column]) > Math.abs(rows[pivot][column]) ? i : pivot;
            }
            double[] row = rows[pivot];
            rows[pivot] = rows[column];
            rows[column] = row;
            for (int i = column + 1; i < size; i++) {
                double factor = rows[i][column] / row[column];
                for (int j = column; j <= size; j++) {
                    rows[i][j] -= factor * row[j];
                }
            }
        }
        double[] solution = new double[size];
        for (int i = size - 1; i >= 0; i--) {
            double sum = rows[i][size];
            for (int j = i + 1; j < size; j++) {
                sum -= rows[i][j] * solution[j];
            }
            solution[i] = sum / rows[i][i];
        }
        return solution;
    }
}
