package dev.recaller.worker.speech;

/**
 * Where speech begins and ends in a row of voice probabilities, one every {@value #STEP} ms. Stepped by its owner; not
 * thread safe.
 */
final class SpeechDetector {

    static final int STEP = 1000 * VoiceActivity.WINDOW / SpeechToText.RATE;

    private static final float ON = 0.5f;
    private static final float OFF = 0.35f;
    private static final int MIN_SPEECH = 50;
    private static final int MIN_SILENCE = 250;

    enum Change {
        NONE,
        STARTED,
        ENDED
    }

    private boolean speaking;
    private int voiced;
    private int silent;

    Change step(float probability) {
        if (!speaking) {
            voiced = probability >= ON ? voiced + STEP : 0;
            speaking = voiced >= MIN_SPEECH;
            silent = 0;
            return speaking ? Change.STARTED : Change.NONE;
        }
        if (probability >= ON) {
            silent = 0;
        } else if (probability < OFF || silent > 0) {
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
    }
}
