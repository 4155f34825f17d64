package dev.recaller.worker.speech;

import java.time.Duration;

/**
 * Where the time went between the caller's last word and ours, in nanoseconds of the line's clock.
 *
 * @param speechEnded the last frame with the caller's voice came in
 * @param waited what the rules wanted to wait after it
 * @param asked the transcription that counted was asked for
 * @param transcribed and came
 * @param transcription the service's own share of that, zero when it did not say
 * @param decided the turn was over
 * @param firstSentence the flow had a sentence to say
 * @param firstByte its first audio came from the speech service
 * @param firstFrame its first frame was played
 * @param firstSound the first frame with sound in it was played: voices begin with some silence
 */
public record TurnTimings(
        long speechEnded,
        Duration waited,
        long asked,
        long transcribed,
        Duration transcription,
        long decided,
        long firstSentence,
        long firstByte,
        long firstFrame,
        long firstSound) {

    /** {@code stage="end_of_turn"}: last word to knowing that it was the last, and what it was. */
    public Duration endOfTurn() {
        return Duration.ofNanos(decided - speechEnded);
    }

    /** {@code stage="transcription"}, most of it hidden in {@link #endOfTurn}. */
    public Duration transcriptionRequest() {
        return Duration.ofNanos(transcribed - asked);
    }

    /** Recall, the flow and its model up to the first sentence. */
    public Duration answer() {
        return Duration.ofNanos(firstSentence - decided);
    }

    /** {@code stage="speech_first_byte"}. */
    public Duration speechFirstByte() {
        return Duration.ofNanos(firstByte - firstSentence);
    }

    /** {@code stage="playout"}. */
    public Duration playout() {
        return Duration.ofNanos(firstFrame - firstByte);
    }

    /** {@code stage="overhead"}: what neither the rules nor a service nor the flow asked for. */
    public Duration overhead() {
        long ready = Math.max(speechEnded + waited.toNanos(), transcribed);
        return Duration.ofNanos(decided - ready).plus(playout());
    }

    /** {@code stage="total"}. */
    public Duration total() {
        return Duration.ofNanos(firstSound - speechEnded);
    }
}
