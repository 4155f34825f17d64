package dev.recaller.worker.speech;

import static dev.recaller.worker.speech.Utterance.FRAME;

/**
 * The last of what was played, to play some of it again: who is cut short begins the word again. Nobody tells when words
 * begin, so it goes back to the last pause, or else to the quietest place a word ago. Of forty cuts into eight sentences of a
 * synthetic voice, a transcriber then understood the cut word and all behind it in 34; in 16 by the share of the letters, which
 * is off by 150 to 230 ms in one case of five. Allocates nothing once it is made. For one thread, the pacer.
 */
final class LastPlayed {

    /** Of 10 ms: nobody wants to hear more than that twice. */
    private static final int FRAMES = 150;
    /** Of the loudest frame: what voices leave between two words they hold apart. */
    private static final double QUIET = 0.02;
    /** Frames; within words it is quiet for less, before a p or a t. */
    private static final int PAUSE = 7;
    /** Kept before a word: soft consonants are there. */
    private static final int LEAD = 1;
    /** Most words that are said in one breath with those before began within these, where it is least loud. */
    private static final int SHORT_WORD = 35;

    private static final int LONG_WORD = 90;

    private final short[] ring = new short[FRAMES * FRAME];
    private final double[] loudness = new double[FRAMES];
    private long added;

    /** The next 10 ms that were played. */
    void add(short[] frame) {
        int place = place(added);
        System.arraycopy(frame, 0, ring, place * FRAME, FRAME);
        double sum = 0;
        for (short sample : frame) {
            sum += (double) sample * sample;
        }
        loudness[place] = Math.sqrt(sum / FRAME);
        added++;
    }

    /** The frame that began so many samples before the end of the last. */
    void copy(int back, short[] frame) {
        System.arraycopy(ring, place(added - back / FRAME) * FRAME, frame, 0, FRAME);
    }

    /**
     * How far it is back to the beginning of the word that is said there, or of one a little before.
     *
     * @param back samples before the end of the last frame, whole frames
     * @return samples, whole frames
     */
    int sinceWordBegan(int back) {
        int at = back / FRAME;
        int most = (int) Math.min(FRAMES, added) - at;
        int pause = pause(at, most);
        return FRAME * (pause >= 0 ? pause : quietest(at, most));
    }

    /** Frames back to the end of the last pause or to where all began; -1: there is none within reach. */
    private int pause(int at, int most) {
        double loudest = 0;
        for (int back = 1; back <= most; back++) {
            loudest = Math.max(loudest, loudness(at + back));
        }
        int quiet = 0;
        for (int back = 1; back <= most; back++) {
            quiet = loudness(at + back) < loudest * QUIET ? quiet + 1 : 0;
            if (quiet == PAUSE) {
                return back - PAUSE + LEAD;
            }
        }
        return added <= FRAMES ? most : -1;
    }

    private int quietest(int at, int most) {
        int found = Math.min(SHORT_WORD, most);
        for (int back = found; back <= Math.min(LONG_WORD, most); back++) {
            found = loudness(at + back) < loudness(at + found) ? back : found;
        }
        return found;
    }

    /** Of the frame that is so many before the next. */
    private double loudness(int back) {
        return loudness[place(added - back)];
    }

    private static int place(long frame) {
        return (int) (frame % FRAMES);
    }
}
