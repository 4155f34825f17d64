package dev.recaller.worker.speech;

import java.time.Duration;
import java.util.List;

/** What a phone line tells those who measure. Called by threads of the line, never by the one that keeps audio time. */
public interface SpeechListener {

    SpeechListener NONE = new SpeechListener() {};

    enum Interruption {
        BARGE_IN,
        FALSE,
        ACKNOWLEDGEMENT
    }

    /** The first sound of the call went out so long after it was answered. */
    default void firstAudio(Duration sinceAnswered) {}

    /** The first sound after a turn of the caller went out. */
    default void answered(TurnTimings timings) {}

    /**
     * A turn of the caller, whether the flow is told or not; times are the line's.
     *
     * @param from where speech was noticed
     * @param to the end of its last sound
     * @param words none where the transcriber does not tell
     */
    default void callerSaid(String text, long from, long to, List<Word> words) {}

    /**
     * What went out of ours; times are the line's.
     *
     * @param cutShort there was more to say
     */
    default void agentSaid(String text, long from, long to, boolean cutShort) {}

    default void interrupted(Interruption kind) {}

    /** Our speech ran dry in the middle of a sentence so many times since the last report. */
    default void underruns(long times) {}
}
