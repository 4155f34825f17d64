package dev.recaller.worker.speech;

import org.jspecify.annotations.Nullable;

/** What is being said, piece by piece. For the thread that writes it to an {@link Utterance}, but for the times. */
interface SpeechSource extends AutoCloseable {

    /** Words and their sound. */
    interface Piece {

        /** The words as far as they are known. Any thread. */
        Spoken spoken();

        /** 0 before. */
        long firstByteAt();

        /** The next of its sound, as soon as it is there; null at the end. */
        short @Nullable [] sound() throws InterruptedException;
    }

    void start();

    /** When there was something to say; 0 before. Any thread. */
    long firstSentenceAt();

    /**
     * The next piece on its way, null after the last. The one before must be through.
     *
     * @throws RuntimeException what the source broke with, after the pieces before
     */
    @Nullable
    Piece next() throws InterruptedException;

    /** Ends what is still on its way. */
    @Override
    void close();
}
