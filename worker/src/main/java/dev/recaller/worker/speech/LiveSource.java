package dev.recaller.worker.speech;

import dev.recaller.flow.line.LiveSpeech;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Speech that brings its own sound along: one piece, whose words become known while it is spoken. */
final class LiveSource implements SpeechSource, SpeechSource.Piece {

    private final LiveSpeech speech;
    private final LongSupplier nanoTime;
    private volatile long firstByteAt;
    private boolean taken;
    private volatile long given;

    LiveSource(LiveSpeech speech, LongSupplier nanoTime) {
        this.speech = speech;
        this.nanoTime = nanoTime;
    }

    /** No more of it is played than was played of this utterance. */
    void played(Utterance utterance, String words) {
        long samples = Math.min(given, utterance.passed());
        speech.played(Duration.ofMillis(samples * 1_000 / LiveSpeech.RATE), words);
    }

    @Override
    public void start() {}

    @Override
    public SpeechSource.@Nullable Piece next() {
        if (taken) {
            return null;
        }
        taken = true;
        return this;
    }

    @Override
    public Spoken spoken() {
        return Spoken.verbatim(speech.words());
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public short @Nullable [] sound() {
        short[] pcm = speech.sound();
        if (pcm != null) {
            firstByteAt = firstByteAt == 0 ? nanoTime.getAsLong() : firstByteAt;
            given += pcm.length;
        }
        return pcm;
    }

    @Override
    public long firstSentenceAt() {
        return firstByteAt;
    }

    @Override
    public long firstByteAt() {
        return firstByteAt;
    }

    @Override
    public void close() {}
}
