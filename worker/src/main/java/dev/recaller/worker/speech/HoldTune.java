package dev.recaller.worker.speech;

/**
 * The music of callers who wait where a flow brings none: broken chords of a struck tone, written here. All of it lies
 * between 300 and 3,400 Hz, as a telephone carries nothing else.
 */
final class HoldTune {

    /** At 80 quarters a minute. */
    private static final int EIGHTH = TextToSpeech.RATE * 60 / 80 / 2;

    /** Semitones above C5, eight to a bar: C, A minor, F, G, then E minor, A minor, D minor, G. */
    private static final int[] NOTES = {
        0, 4, 7, 12, 11, 7, 4, 7, -3, 0, 4, 9, 7, 4, 0, 4, -7, -3, 0, 5, 4, 0, -3, 0, -5, -1, 2, 7, 5, 2, -1, 2,
        -8, -1, 4, 7, 11, 7, 4, -1, -3, 0, 4, 9, 12, 9, 4, 0, -10, 2, 5, 9, 7, 5, 2, -3, -5, -1, 2, 7, 11, 7, 5, 2
    };

    private static final double C5 = 523.25;
    private static final double LOWEST = 300;
    /** Lets a note ring on over those that follow. */
    private static final double DECAY_SECONDS = 0.5;

    private static final int RINGS = 5 * EIGHTH;
    /** What a hammer needs, and what makes no click. */
    private static final int ATTACK = TextToSpeech.RATE / 200;

    /** Of one note. All that ring together stay some 10 dB below the loudest that is spoken. */
    private static final double LOUDNESS = 3_000;

    private static final short[] PCM = make();

    private HoldTune() {}

    /** 24 kHz mono, 24 s; its end goes on with its beginning. Not to be changed. */
    static short[] pcm() {
        return PCM;
    }

    private static short[] make() {
        var sum = new double[NOTES.length * EIGHTH];
        for (int note = 0; note < NOTES.length; note++) {
            strike(sum, note * EIGHTH, frequency(NOTES[note]), note % 8 == 0 ? 1 : 0.7);
        }
        var pcm = new short[sum.length];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) Math.round(LOUDNESS * sum[i]);
        }
        return pcm;
    }

    private static double frequency(int semitones) {
        double frequency = C5 * Math.pow(2, semitones / 12.0);
        return frequency < LOWEST ? frequency * 2 : frequency;
    }

    private static void strike(double[] sum, int from, double frequency, double loudness) {
        for (int i = 0; i < RINGS; i++) {
            double seconds = (double) i / TextToSpeech.RATE;
            double envelope = Math.min(1, (double) i / ATTACK)
                    * Math.exp(-seconds / DECAY_SECONDS)
                    * Math.min(1, (double) (RINGS - i) / EIGHTH);
            double angle = 2 * Math.PI * frequency * seconds;
            double tone = Math.sin(angle) + 0.25 * Math.exp(-4 * seconds) * Math.sin(2 * angle);
            sum[(from + i) % sum.length] += loudness * envelope * tone;
        }
    }
}
