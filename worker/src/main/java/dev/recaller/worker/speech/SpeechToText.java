package dev.recaller.worker.speech;

import java.time.Duration;

/** A transcription service in one language. Safe for use by several threads. */
public interface SpeechToText {

    /** Samples a second of what {@link #transcribe} takes. */
    int RATE = 16_000;

    /**
     * Blocks until the text is there; an interrupt ends the request.
     *
     * @param pcm mono, {@link #RATE} samples a second
     * @param before what the same speaker said just before, or empty
     * @throws ProviderException when the service refuses, fails or takes too long
     */
    Transcript transcribe(short[] pcm, String before) throws InterruptedException;

    /**
     * What was said; empty when nothing was.
     *
     * @param processing the service's own share of the time as it told us, otherwise zero
     */
    record Transcript(String text, Duration processing) {}
}
