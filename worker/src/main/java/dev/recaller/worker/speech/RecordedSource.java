package dev.recaller.worker.speech;

import org.jspecify.annotations.Nullable;

/** Audio that is there already, and is no words. */
final class RecordedSource implements SpeechSource, SpeechSource.Piece {

    private static final Spoken NO_WORDS = Spoken.verbatim("");

    private final short[] pcm;
    private final long at;
    private boolean taken;
    private boolean played;

    /**
     * Of this audio.
     *
     * @param pcm 24 kHz mono
     * @param at now
     */
    RecordedSource(short[] pcm, long at) {
        this.pcm = pcm;
        this.at = at;
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
        return NO_WORDS;
    }

    @Override
    public short @Nullable [] sound() {
        if (played) {
            return null;
        }
        played = true;
        return pcm;
    }

    @Override
    public long firstSentenceAt() {
        return at;
    }

    @Override
    public long firstByteAt() {
        return at;
    }

    @Override
    public void close() {}
}
