package dev.recaller.worker.speech;

import dev.recaller.flow.line.LiveSpeech;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Speech that brings its own sound along: one piece, whose words become known while it is spoken. */
final class LiveSource implements SpeechSource, SpeechSource.Piece {

    private final LiveSpeech speech;
    private final LongSupplier nanoTime;
    private final List<Mark> marks = new ArrayList<>(List.of(new Mark(0, 0))); // guarded by itself
    private volatile long firstByteAt;
    private boolean taken;
    private long given;

    /** So much of its sound was the utterance up to there: pauses are shortened on the way. */
    private record Mark(long given, long written) {}

    LiveSource(LiveSpeech speech, LongSupplier nanoTime) {
        this.speech = speech;
        this.nanoTime = nanoTime;
    }

    /** The utterance was played up to this sample and no further. */
    void played(long samples, String words) {
        speech.played(Duration.ofMillis(soundAt(samples) * 1_000 / LiveSpeech.RATE), words);
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
    public short @Nullable [] sound() {
        short[] pcm = speech.sound();
        if (pcm != null) {
            firstByteAt = firstByteAt == 0 ? nanoTime.getAsLong() : firstByteAt;
            given += pcm.length;
        }
        return pcm;
    }

    @Override
    public void written(long until) {
        synchronized (marks) {
            marks.add(new Mark(given, until));
        }
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

    private long soundAt(long played) {
        synchronized (marks) {
            Mark before = marks.getFirst();
            for (Mark mark : marks) {
                if (mark.written > played) {
                    return before.given
                            + (mark.given - before.given) * (played - before.written) / (mark.written - before.written);
                }
                before = mark;
            }
            return played == 0 ? 0 : before.given;
        }
    }
}
