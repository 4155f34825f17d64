package dev.recaller.worker.speech;

import java.time.Duration;

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

    default void interrupted(Interruption kind) {}

    /** Our speech ran dry in the middle of a sentence so many times since the last report. */
    default void underruns(long times) {}
}
