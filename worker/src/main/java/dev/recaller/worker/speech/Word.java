package dev.recaller.worker.speech;

/**
 * A word that was said, in nanoseconds since what its bearer counts from.
 *
 * @param text as the transcriber wrote it
 */
public record Word(String text, long from, long to) {

    /** The same word for who counts from so much earlier. */
    public Word after(long nanos) {
        return new Word(text, from + nanos, to + nanos);
    }
}
