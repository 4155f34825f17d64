package dev.recaller.worker.speech;

import java.util.Arrays;

/**
 * The tone after which a mailbox takes a message: one frequency and nothing else, steady for as long as a beep lasts. Speech
 * is neither: it has harmonics, and glides. Stepped by its owner; not thread safe.
 */
final class BeepDetector {

    /** FreeSWITCH's mod_avmd looks for beeps of 440 to 2,000 Hz; with room for what a bin of the transform is wide. */
    private static final double LOWEST_HZ = 400;

    private static final double HIGHEST_HZ = 2_100;

    private static final int WINDOW = VoiceActivity.WINDOW;
    private static final int HOP = WINDOW / 2;
    private static final double BIN_HZ = (double) SpeechToText.RATE / WINDOW;
    private static final int FIRST_BIN = (int) (LOWEST_HZ / BIN_HZ) - 1;
    private static final int LAST_BIN = (int) (HIGHEST_HZ / BIN_HZ) + 2;
    /** The bins to either side that a Hann window spreads a tone over. */
    private static final int SPREAD = 2;

    /** What of the sound's energy must be the tone's: all but 13 dB, which G.711 and a noisy line stay below. */
    private static final double PURE = 0.95;

    /** Of full scale 32,767: 45 dB below it. */
    private static final double AUDIBLE = 180;

    private static final double STEADY_HZ = 12;
    private static final double STEADY_LEVEL = 1.5;

    /** Overlapping windows in a row: those that lie whole in a tone of 100 ms, wherever it begins. */
    private static final int LEAST = 4;

    private static final double[] HANN = hann();

    private final short[] recent = new short[HOP];
    private final double[] weighted = new double[WINDOW];
    private final double[] power = new double[LAST_BIN + 1];
    private double lastHz;
    private double lastLevel;
    private int steady;
    private boolean heard;

    /** @param window {@link VoiceActivity#WINDOW} samples that follow the ones before; not kept */
    void step(short[] window) {
        var overlapping = new short[WINDOW];
        System.arraycopy(recent, 0, overlapping, 0, HOP);
        System.arraycopy(window, 0, overlapping, HOP, HOP);
        look(overlapping);
        look(window);
        System.arraycopy(window, HOP, recent, 0, HOP);
    }

    /** A tone of the length of a beep goes on. */
    boolean sounds() {
        return steady >= LEAST;
    }

    /** There was a beep, and it is over. */
    boolean over() {
        return heard && steady == 0;
    }

    /** As if there had been none. */
    void forget() {
        heard = false;
        steady = 0;
    }

    private void look(short[] window) {
        double energy = 0;
        for (int i = 0; i < WINDOW; i++) {
            weighted[i] = window[i] * HANN[i];
            energy += weighted[i] * weighted[i];
        }
        double level = Math.sqrt(energy / WINDOW);
        double hz = level < AUDIBLE * 0.6 ? 0 : toneHz(energy);
        boolean same = Math.abs(hz - lastHz) <= STEADY_HZ
                && level < lastLevel * STEADY_LEVEL
                && lastLevel < level * STEADY_LEVEL;
        steady = hz == 0 ? 0 : same ? steady + 1 : 1;
        heard |= sounds();
        lastHz = hz;
        lastLevel = level;
    }

    /** Of the one tone that this is; 0 if it is none. */
    private double toneHz(double energy) {
        Arrays.fill(power, 0);
        int peak = FIRST_BIN;
        for (int bin = FIRST_BIN; bin <= LAST_BIN; bin++) {
            power[bin] = power(bin);
            peak = power[bin] > power[peak] ? bin : peak;
        }
        int from = Math.max(FIRST_BIN, peak - SPREAD);
        int to = Math.min(LAST_BIN, peak + SPREAD);
        double sum = 0;
        double moment = 0;
        for (int bin = from; bin <= to; bin++) {
            sum += power[bin];
            moment += bin * power[bin];
        }
        double hz = moment / sum * BIN_HZ;
        boolean pure = 2 * sum >= PURE * WINDOW * energy;
        return pure && hz >= LOWEST_HZ && hz <= HIGHEST_HZ ? hz : 0;
    }

    /** Goertzel's recurrence. */
    private double power(int bin) {
        double coefficient = 2 * Math.cos(2 * Math.PI * bin / WINDOW);
        double before = 0;
        double last = 0;
        for (double sample : weighted) {
            double next = sample + coefficient * last - before;
            before = last;
            last = next;
        }
        return last * last + before * before - coefficient * last * before;
    }

    private static double[] hann() {
        var hann = new double[WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            hann[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / WINDOW);
        }
        return hann;
    }
}
