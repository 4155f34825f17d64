package dev.recaller.worker.speech;

import dev.recaller.worker.speech.SpeechListener.Interruption;
import org.jspecify.annotations.Nullable;

/** What becomes of what we are saying while the caller makes a sound. With the line's lock held. */
final class Floor {

    /** Speech so long is an interruption, whatever its transcript will be. */
    private static final int SURELY_MEANT_MILLIS = 1_000;
    /** With less than this left to play, an "okay" is an answer. */
    private static final long NEARLY_SAID = TextToSpeech.RATE;

    /** Of the caller's audio. */
    private static final int FRAME_MILLIS = 10;

    private final Playout playout;
    private final Reports reports;
    private @Nullable Saying saying;
    private boolean interrupted;
    private boolean waitingForWords;

    Floor(Playout playout, Reports reports) {
        this.playout = playout;
        this.reports = reports;
    }

    void begin(Saying next) {
        saying = next;
        interrupted = false;
        waitingForWords = false;
        playout.play(next.utterance());
    }

    void end() {
        saying = null;
        playout.clear();
    }

    /** Whether we are saying something. */
    boolean isOurs() {
        return saying != null;
    }

    /** Whether the caller took it from what {@link #begin} began. */
    boolean interrupted() {
        return interrupted;
    }

    /**
     * The caller speaks, or paused: we pause, then stop, or go on. Who goes on before the answer to what they said can be heard
     * was not through: nothing of it is played over them.
     *
     * @param spokenMillis of the caller's turn
     * @param silentMillis since the caller's last sound
     */
    void hears(int spokenMillis, long silentMillis, TurnSettings settings) {
        if (saying == null || interrupted || !settings.interruptible()) {
            return;
        }
        long meant = settings.interruptAfter().toMillis() - FRAME_MILLIS / 2; // to the nearest frame
        if (spokenMillis > 0 && !waitingForWords && reports.answering()) {
            waitingForWords = true;
            playout.pause();
        } else if (spokenMillis >= Math.max(SURELY_MEANT_MILLIS, meant)) {
            interrupt();
        } else if (spokenMillis >= meant && !waitingForWords) {
            waitingForWords = true;
            playout.pause();
        } else if (playout.paused() && silentMillis >= settings.resumeAfter().toMillis()) {
            playout.resume();
        }
    }

    /** Whether the caller's words count; those that only show that they listen do not, nor those that may not interrupt. */
    boolean yields(String words, TurnSettings settings) {
        Saying current = saying;
        if (current != null && !interrupted) {
            boolean muchLeft = muchLeft(current.utterance());
            if (muchLeft && Transcripts.isAcknowledgement(words)) {
                goOn(Interruption.ACKNOWLEDGEMENT);
                return false;
            }
            if (muchLeft && !settings.interruptible()) {
                return false;
            }
            if (muchLeft || playout.paused()) {
                interrupt();
            }
        }
        waitingForWords = false;
        return true;
    }

    /** What the caller seemed to say were no words. */
    void nothing() {
        if (waitingForWords) {
            goOn(Interruption.FALSE);
        }
    }

    void interrupt() {
        if (saying != null && !interrupted) {
            interrupted = true;
            playout.clear();
            reports.interrupted(Interruption.BARGE_IN);
        }
    }

    private void goOn(Interruption kind) {
        waitingForWords = false;
        if (saying != null && !interrupted) {
            playout.resume();
            reports.interrupted(kind);
        }
    }

    private static boolean muchLeft(Utterance utterance) {
        return !utterance.finished() || utterance.remaining() > NEARLY_SAID;
    }
}
