package dev.recaller.worker.speech;

import java.util.Locale;

/** One voice of a speech service. Safe for use by several threads. */
public interface TextToSpeech {

    /** Samples a second of what comes out. */
    int RATE = 24_000;

    /** About as fast as a voice speaks. */
    int LETTERS_A_SECOND = 15;

    /** Names the voice and its model: equal names sound alike, today and tomorrow. */
    String voice();

    /** The language its texts are in. */
    default Locale locale() {
        return Locale.US;
    }

    /**
     * Begins to speak; blocks until the service answers. An interrupt ends the request.
     *
     * @throws ProviderException when the service refuses, fails or takes too long
     */
    Speech speak(String text) throws InterruptedException;

    /** Audio as it arrives, read by one thread. Closing it early ends the request. */
    interface Speech extends AutoCloseable {

        /**
         * Blocks until there is some audio and copies as much as fits.
         *
         * @return samples (mono, {@link #RATE} a second) copied, at least 1, or -1 at the end
         * @throws ProviderException when the audio breaks off
         */
        int read(short[] into) throws InterruptedException;

        @Override
        void close();
    }
}
