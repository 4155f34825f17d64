package dev.recaller.worker.speech;

/** Music for a caller who has to wait: goes round, fades in and out. The pacer plays it, any thread ends it. */
final class HoldMusic {

    /** Slow enough to be no fright. */
    private static final int FADE_IN = TextToSpeech.RATE;
    /** Short enough to be no wait, and no click. */
    private static final int FADE_OUT = TextToSpeech.RATE / 8;

    private final short[] loop;
    private volatile boolean ending;
    private volatile boolean over;
    private int at;
    private double gain;

    /** @param loop 24 kHz mono, at least a sample */
    HoldMusic(short[] loop) {
        this.loop = loop;
    }

    /** Fills the frame, or answers false when the music is over. */
    boolean next(short[] frame) {
        if (over) {
            return false;
        }
        double step = ending ? -1.0 / FADE_OUT : 1.0 / FADE_IN;
        for (int i = 0; i < frame.length; i++) {
            gain = Math.clamp(gain + step, 0, 1);
            frame[i] = (short) (loop[at] * gain);
            at = (at + 1) % loop.length;
        }
        over = ending && gain == 0;
        return true;
    }

    /** It fades away from now on. */
    void end() {
        ending = true;
    }

    boolean over() {
        return over;
    }
}
