package dev.recaller.worker.speech;

import java.time.Duration;
import java.util.List;

/** A transcription service in one language. Safe for use by several threads. */
public interface SpeechToText extends AutoCloseable {

    /** Samples a second of the audio. */
    int RATE = 16_000;

    /** A turn of the caller begins. Does not block. */
    Turn begin();

    /** What is said in this audio: a turn of its own. */
    default Transcript transcribe(short[] pcm) throws InterruptedException {
        try (Turn turn = begin()) {
            turn.add(pcm);
            return turn.transcribe();
        }
    }

    /** Ends what it holds for its user, such as a connection of a call's own. */
    @Override
    default void close() {}

    /** One turn of one caller. */
    interface Turn extends AutoCloseable {

        /**
         * The next audio of the turn. Does not block. By one thread.
         *
         * @param pcm mono, {@link #RATE} samples a second; kept
         */
        void add(short[] pcm);

        /**
         * The text of all audio up to now. Blocks until it is there; an interrupt ends the request but not the turn, which may
         * go on and be asked again. By any thread, beside {@link #add}.
         *
         * @throws ProviderException when the service refuses, fails or takes too long
         */
        Transcript transcribe() throws InterruptedException;

        /** Nobody asks any more. Does not block. */
        @Override
        void close();
    }

    /**
     * What was said; empty when nothing was.
     *
     * @param words when each was said, from the first audio of the turn; none where the service does not tell
     * @param processing the service's own share of the time as it told us, otherwise zero
     */
    record Transcript(String text, List<Word> words, Duration processing) {
        public Transcript {
            words = List.copyOf(words);
        }

        public Transcript(String text, Duration processing) {
            this(text, List.of(), processing);
        }
    }
}
