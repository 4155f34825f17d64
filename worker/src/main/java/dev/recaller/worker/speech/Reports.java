package dev.recaller.worker.speech;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tells those who measure what went out on a line, each thing once. With the line's lock held. */
final class Reports {

    private final SpeechListener listener;
    private final Playout playout;
    private boolean firstAudio;
    private Ear.@Nullable Turn unanswered;

    Reports(SpeechListener listener, Playout playout) {
        this.listener = listener;
        this.playout = playout;
    }

    /** A turn of the caller that is to be answered. */
    void took(Ear.Turn turn) {
        unanswered = turn;
    }

    /** Every turn of the caller. */
    void callerSaid(Ear.Turn turn) {
        listener.callerSaid(turn.text(), turn.speechBegan(), turn.speechEnded(), turn.words());
    }

    /** To be called once no more of it is played. */
    void agentSaid(Saying saying, long now) {
        String heard = saying.heard();
        if (saying.utterance().firstFrameAt() != 0 && !heard.isEmpty()) {
            listener.agentSaid(heard, saying.utterance().firstFrameAt(), now, !saying.over());
        }
    }

    /** Whether nothing was heard yet since the last turn of the caller. */
    boolean answering() {
        return unanswered != null;
    }

    void interrupted(SpeechListener.Interruption kind) {
        listener.interrupted(kind);
    }

    /** To be called while this is played, and at its end. */
    void playing(Saying saying) {
        Utterance utterance = saying.utterance();
        if (utterance.firstSoundAt() == 0) {
            return;
        }
        if (!firstAudio) {
            firstAudio = true;
            listener.firstAudio(Duration.ofNanos(utterance.firstSoundAt() - playout.answeredAt()));
        }
        Ear.Turn turn = unanswered;
        if (turn != null) {
            unanswered = null;
            listener.answered(new TurnTimings(
                    turn.speechEnded(),
                    turn.waited(),
                    turn.asked(),
                    turn.transcribed(),
                    turn.transcription(),
                    turn.decided(),
                    saying.firstSentenceAt(),
                    saying.firstByteAt(),
                    utterance.firstFrameAt(),
                    utterance.firstSoundAt()));
        }
        if (saying.over() && utterance.underruns() > 0) {
            listener.underruns(utterance.underruns());
        }
    }
}
