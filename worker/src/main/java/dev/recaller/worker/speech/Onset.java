package dev.recaller.worker.speech;

/**
 * How much of a speech had sounded before the voice detector knew it for one: it hears the consonants that words begin with
 * late, by a tenth of a second on average and by three at most. What was loud for the voice and stood out of the noise before
 * belongs to it. Not thread safe.
 */
final class Onset {

    /** Steps looked back at: half a second, of which speech may have nine. */
    private static final int KEPT = 16;

    private static final int LONGEST = 9;

    /** Of the voice that follows: 30 dB below it, as consonants are. */
    private static final double LOUD = 0.03;
    /** Times the quietest step: 10 dB above it. */
    private static final double ABOVE_NOISE = 3.2;

    private final double[] levels = new double[KEPT];
    private int count;

    /** @param loudness of the next step, root mean square */
    void add(double loudness) {
        levels[count++ % KEPT] = loudness;
    }

    /**
     * The steps that belong to the speech that the last two began.
     *
     * @param voice the louder of these two
     * @return 0 to {@value #LONGEST}
     */
    int steps(double voice) {
        int known = Math.min(count, KEPT);
        double noise = voice;
        for (int back = 1; back <= known; back++) {
            noise = Math.min(noise, level(back));
        }
        double loud = Math.max(voice * LOUD, noise * ABOVE_NOISE);
        int steps = 0;
        while (steps < Math.min(LONGEST, known - 2) && level(3 + steps) >= loud) {
            steps++;
        }
        return steps;
    }

    private double level(int back) {
        return levels[Math.floorMod(count - back, KEPT)];
    }
}
