package dev.recaller.worker.speech;

import java.util.Arrays;

/** 16 kHz to the 24 kHz that we publish and that the Realtime API takes, piece by piece without a seam. Not thread safe. */
public final class Upsampler {

    /** Samples to either side that count for one: 1 ms, and so is the delay. */
    public static final int REACH = 16;

    /** Of a new sample between two old ones: 0, 2/3 and 1/3 of the way. */
    private static final double[][] WEIGHTS = {weights(0), weights(2.0 / 3), weights(1.0 / 3)};

    private short[] recent = new short[2 * REACH];
    private long made;
    private long taken;

    /** Three samples for two; the last {@value #REACH} given come out with the next. */
    public short[] add(short[] pcm16k) {
        var input = new short[recent.length + pcm16k.length];
        System.arraycopy(recent, 0, input, 0, recent.length);
        System.arraycopy(pcm16k, 0, input, recent.length, pcm16k.length);
        long first = taken - recent.length;
        taken += pcm16k.length;

        long until = Math.ceilDiv((taken - REACH) * 3, 2);
        var output = new short[(int) Math.max(0, until - made)];
        for (int i = 0; i < output.length; i++, made++) {
            int left = (int) (made * 2 / 3 - first);
            output[i] = sample(input, left - REACH + 1, WEIGHTS[(int) (made % 3)]);
        }
        recent = Arrays.copyOfRange(input, input.length - recent.length, input.length);
        return output;
    }

    private static short sample(short[] input, int from, double[] weights) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * input[from + i];
        }
        return (short) Math.clamp(Math.round(sum), Short.MIN_VALUE, Short.MAX_VALUE);
    }

    /** The ideal low pass under a Hann window, for a place so far behind the middle sample. */
    private static double[] weights(double behind) {
        var weights = new double[2 * REACH];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            double distance = i - (REACH - 1) - behind;
            double ideal = distance == 0 ? 1 : Math.sin(Math.PI * distance) / (Math.PI * distance);
            double window = Math.cos(Math.PI * distance / (2 * REACH));
            weights[i] = ideal * window * window;
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }
}
