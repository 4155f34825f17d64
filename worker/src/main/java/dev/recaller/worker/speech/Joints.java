package dev.recaller.worker.speech;

import java.util.Arrays;

/**
 * Writes pieces that were spoken apart so that they sound as one: without the silence voices put around each, with the
 * pause that belongs there, cut where it is quiet, faded within milliseconds and at one level. Adds no delay: what is held
 * back is silence, and the last 5 ms. For one thread.
 */
final class Joints {

    private static final int WINDOW = TextToSpeech.RATE / 200;
    /** Louder than this, of 32,767, is part of a word. */
    private static final int AUDIBLE = 150;
    /** Kept before the first audible window and behind the last: soft consonants are there. */
    private static final int LEAD = 20 * TextToSpeech.RATE / 1000;

    private static final int TAIL = 40 * TextToSpeech.RATE / 1000;
    private static final int FADE = TextToSpeech.RATE / 400;
    /** With lead and tail 90 ms and 260 ms: what a speaker pauses at a comma and at a full stop. */
    private static final int PAUSE_IN_SENTENCE = 30 * TextToSpeech.RATE / 1000;

    private static final int PAUSE_BEHIND_SENTENCE = 200 * TextToSpeech.RATE / 1000;
    /** A pause within a piece is the voice's own, up to this: nobody can tell a longer one from a line that is gone. */
    private static final int LONGEST_PAUSE = 600 * TextToSpeech.RATE / 1000;

    private final Utterance out;
    private final Level level;

    private short[] window = new short[WINDOW];
    private int filled;
    private short[] last = {};
    private final PcmBuffer silence = new PcmBuffer();
    private int pause;
    private int leftOut;
    private long startedAt = -1;

    Joints(Utterance out, Level level) {
        this.out = out;
        this.level = level;
    }

    void begin() {
        startedAt = -1;
        filled = 0;
        silence.keepLast(0);
        level.begin();
    }

    /** The sample of the utterance the piece begins with; -1 while nothing of it was written. */
    long startedAt() {
        return startedAt;
    }

    void add(short[] pcm, int count) {
        for (int at = 0; at < count; ) {
            int part = Math.min(WINDOW - filled, count - at);
            System.arraycopy(pcm, at, window, filled, part);
            filled += part;
            at += part;
            if (filled == WINDOW) {
                take(window);
                window = new short[WINDOW];
                filled = 0;
            }
        }
    }

    /** @param endsSentence the piece does; else its sentence goes on with the next */
    void end(boolean endsSentence) {
        if (filled > 0) {
            take(Arrays.copyOf(window, filled));
        }
        if (startedAt < 0) {
            start();
        }
        leftOut += Math.max(0, silence.length() - TAIL);
        silence.keepFirst(TAIL);
        var end = new PcmBuffer();
        end.add(last);
        end.add(silence.toArray());
        last = new short[0];
        silence.keepLast(0);
        out.write(fadedOut(end.toArray()));
        leaveOut();
        pause = endsSentence ? PAUSE_BEHIND_SENTENCE : PAUSE_IN_SENTENCE;
        if (endsSentence) {
            out.endSentence();
        }
    }

    private void take(short[] samples) {
        if (!audible(samples)) {
            silence.add(samples);
            if (startedAt < 0) {
                out.leaveOut(silence.length() - LEAD);
                silence.keepLast(LEAD);
            } else {
                leftOut += Math.max(0, silence.length() - LONGEST_PAUSE);
                silence.keepFirst(LONGEST_PAUSE);
            }
            return;
        }
        level.apply(samples, samples.length);
        if (startedAt < 0) {
            start();
            fadeIn(samples);
        }
        release();
        last = samples;
    }

    private void start() {
        if (pause > 0) {
            out.write(new short[pause]);
        }
        startedAt = out.written();
    }

    private void release() {
        out.write(last);
        last = new short[0];
        out.write(silence.toArray());
        silence.keepLast(0);
        leaveOut();
    }

    private void leaveOut() {
        out.leaveOut(leftOut);
        leftOut = 0;
    }

    /** Of what begins aloud; where a lead was kept, it begins with that and this is a soft rise. */
    private void fadeIn(short[] samples) {
        if (silence.length() == 0) {
            for (int i = 0; i < Math.min(FADE, samples.length); i++) {
                samples[i] = (short) (samples[i] * i / FADE);
            }
        }
    }

    private static short[] fadedOut(short[] samples) {
        int fade = Math.min(2 * FADE, samples.length);
        for (int i = 0; i < fade; i++) {
            int at = samples.length - 1 - i;
            samples[at] = (short) (samples[at] * i / fade);
        }
        return samples;
    }

    private static boolean audible(short[] samples) {
        for (short sample : samples) {
            if (sample > AUDIBLE || sample < -AUDIBLE) {
                return true;
            }
        }
        return false;
    }
}
