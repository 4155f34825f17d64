package dev.recaller.worker.speech;

/**
 * Where speech begins and ends in a row of voice probabilities, one every {@value #STEP} ms. Stepped by its owner; not
 * thread safe.
 */
final class SpeechDetector {

    static final int STEP = 1000 * VoiceActivity.WINDOW / SpeechToText.RATE;

    private static final float ON = 0.5f;
    private static final float OFF = 0.35f;
    /**
     * Of the loudest step of the same speech: the model goes on hearing a voice for some 80 ms after its last sound, the
     * loudness does not. 34 dB, while speech itself varies by 30.
     */
    private static final double QUIET = 0.02;

    private static final int MIN_SPEECH = 50;
    /** Shorter ones are gaps within words. */
    static final int MIN_SILENCE = 250;

    enum Change {
        NONE,
        STARTED,
        ENDED
    }

    private boolean speaking;
    private int voiced;
    private int silent;
    private double loudest;

    /** @param loudness root mean square of the step's samples, 0 to 32,767 */
    Change step(float probability, double loudness) {
        if (!speaking) {
            voiced = probability >= ON ? voiced + STEP : 0;
            loudest = Math.max(voiced == 0 ? 0 : loudest, loudness);
            speaking = voiced >= MIN_SPEECH;
            silent = 0;
            return speaking ? Change.STARTED : Change.NONE;
        }
        loudest = Math.max(loudest, loudness);
        boolean quiet = loudness < loudest * QUIET;
        if (probability >= ON && !quiet) {
            silent = 0;
        } else if (probability < OFF || quiet || silent > 0) {
            silent += STEP;
        }
        if (silent >= MIN_SILENCE) {
            reset();
            return Change.ENDED;
        }
        return Change.NONE;
    }

    /** The last step belonged to speech, not to a pause that may end it. */
    boolean voiced() {
        return speaking && silent == 0;
    }

    /** As before the first step. */
    void reset() {
        speaking = false;
        voiced = 0;
        silent = 0;
        loudest = 0;
    }
}
