package dev.recaller.bench.retrieval;

import java.util.List;
import java.util.SplittableRandom;

/** The mean of vectors, and the directions in which they differ most: principal components by subspace iteration. */
final class Basis {

    private static final int ROUNDS = 60;

    private Basis() {}

    /** The mean first, then each direction, the strongest first. */
    static double[][] of(List<float[]> vectors, int directions) {
        int size = vectors.getFirst().length;
        double[] mean = new double[size];
        for (float[] vector : vectors) {
            for (int i = 0; i < size; i++) {
                mean[i] += vector[i] / (double) vectors.size();
            }
        }
        double[][] spread = new double[size][size];
        for (float[] vector : vectors) {
            for (int i = 0; i < size; i++) {
                double away = vector[i] - mean[i];
                for (int j = 0; j <= i; j++) {
                    spread[i][j] += away * (vector[j] - mean[j]);
                }
            }
        }
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                spread[j][i] = spread[i][j];
            }
        }
        var random = new SplittableRandom(1);
        double[][] found = new double[directions][size];
        for (double[] direction : found) {
            for (int i = 0; i < size; i++) {
                direction[i] = random.nextDouble() - 0.5;
            }
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int k = 0; k < directions; k++) {
                found[k] = times(spread, found[k]);
            }
            orthonormalize(found);
        }
        double[][] basis = new double[directions + 1][];
        basis[0] = mean;
        System.arraycopy(found, 0, basis, 1, directions);
        return basis;
    }

    private static double[] times(double[][] matrix, double[] vector) {
        double[] product = new double[vector.length];
        for (int i = 0; i < product.length; i++) {
            product[i] = dot(matrix[i], vector);
        }
        return product;
    }

    private static void orthonormalize(double[][] vectors) {
        for (int k = 0; k < vectors.length; k++) {
            for (int before = 0; before < k; before++) {
                double along = dot(vectors[k], vectors[before]);
                for (int i = 0; i < vectors[k].length; i++) {
                    vectors[k][i] -= along * vectors[before][i];
                }
            }
            double length = Math.sqrt(dot(vectors[k], vectors[k]));
            for (int i = 0; i < vectors[k].length; i++) {
                vectors[k][i] /= length;
            }
        }
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
