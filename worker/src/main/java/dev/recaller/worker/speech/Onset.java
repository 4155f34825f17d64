package dev.recaller.worker.speech;

/**
 * How long a speech has sounded when the voice detector knows it for one: it hears the consonants that words begin with late,
 * by a tenth of a second on average and by three at most. What was loud for the voice and stood out of the noise before
 * belongs to it. Not thread safe.
 */
final class Onset {

    /** Samples of a step, {@value #STEP_MILLIS} ms. */
    static final int STEP = VoiceActivity.WINDOW / 4;

    static final int STEP_MILLIS = 1000 * STEP / SpeechToText.RATE;

    /** Steps of the two windows in which the detector hears a voice before it says so; it may have begun in the first. */
    private static final int DETECTED = 8;
    /** Of these speech may have three tenths of a second beside those. */
    private static final int KEPT = 64;

    private static final int LONGEST = DETECTED + 36;

    /** Of the voice that follows: 36 dB below it, as the softest consonants are on a telephone. */
    private static final double LOUD = 0.015;
    /** Times the quietest step: 10 dB above it. */
    private static final double ABOVE_NOISE = 3.2;

    private final double[] levels = new double[KEPT];
    private int count;

    /** @param loudness of the next step, root mean square */
    void add(double loudness) {
        levels[count++ % KEPT] = loudness;
    }

    /**
     * Milliseconds, up to now, of a speech that was just detected.
     *
     * @param voice the loudness of the louder of the two windows it was detected in
     */
    int millis(double voice) {
        int known = Math.min(count, KEPT);
        double noise = voice;
        for (int back = 1; back <= known; back++) {
            noise = Math.min(noise, level(back));
        }
        double loud = Math.max(voice * LOUD, noise * ABOVE_NOISE);
        int steps = DETECTED;
        while (steps < Math.min(LONGEST, known) && level(steps + 1) >= loud) {
            steps++;
        }
        if (steps == DETECTED) {
            while (steps > DETECTED / 2 && level(steps) < Math.min(loud, voice / 2)) {
                steps--;
            }
        }
        return steps * STEP_MILLIS;
    }

    private double level(int back) {
        return levels[Math.floorMod(count - back, KEPT)];
    }
}
