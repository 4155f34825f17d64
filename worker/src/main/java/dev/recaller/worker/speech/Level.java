package dev.recaller.worker.speech;

/**
 * Keeps voices at one loudness, gently: the gain follows the loudness of what is spoken, measured where there is voice, by
 * at most 10 dB a second and never beyond 6 dB up or down, and never clips. What one piece taught holds for the next. For
 * one thread at a time.
 */
final class Level {

    /** Mean of voiced parts, 20 dB below full scale: what telephone prompts are mastered to, about. */
    private static final double TARGET = 0.1 * Short.MAX_VALUE;
    /** Below it is no voice. */
    private static final double VOICED = 0.012 * Short.MAX_VALUE;

    private static final double MOST = 2;
    /** 0.05 dB a window. */
    private static final double STEP = Math.pow(10, 0.05 / 20);

    private static final int CEILING = 32_000;
    private static final int ENOUGH = 40;

    private double gain = 1;
    private double energy;
    private int windows;

    /** Another piece begins, which may be louder or softer. */
    void begin() {
        energy = 0;
        windows = 0;
    }

    /** Changes one window of 5 ms in place. */
    void apply(short[] window, int length) {
        double sum = 0;
        int peak = 1;
        for (int i = 0; i < length; i++) {
            sum += (double) window[i] * window[i];
            peak = Math.max(peak, Math.abs(window[i]));
        }
        double meanSquare = sum / Math.max(1, length);
        if (meanSquare > VOICED * VOICED) {
            energy += meanSquare;
            windows++;
        }
        double ceiling = Math.max(1, (double) CEILING / peak);
        double from = Math.min(gain, ceiling);
        gain = Math.min(next(), ceiling);
        for (int i = 0; i < length; i++) {
            double factor = from + (gain - from) * i / length;
            window[i] = (short) Math.clamp(Math.round(window[i] * factor), Short.MIN_VALUE, Short.MAX_VALUE);
        }
    }

    private double next() {
        if (windows < ENOUGH) {
            return gain;
        }
        double wanted = Math.clamp(TARGET / Math.sqrt(energy / windows), 1 / MOST, MOST);
        return Math.clamp(wanted, gain / STEP, gain * STEP);
    }
}
