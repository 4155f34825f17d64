package dev.recaller.worker.speech;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a call plays to its caller, frame by frame, and so the clock of what the caller has heard. Silent until
 * {@link #answered}: audio sent before the phone is picked up is lost.
 */
public final class Playout {

    private final LongSupplier nanoTime;
    private final CountDownLatch wanted = new CountDownLatch(1);
    private volatile @Nullable Utterance utterance;
    private volatile boolean open;
    private volatile boolean paused;
    private volatile boolean cut;
    private volatile long answeredAt;
    private volatile Runnable onUrgent = () -> {};
    private volatile @Nullable HoldMusic music;

    private @Nullable Utterance playing;
    private boolean sounding;

    /** @param nanoTime as {@link System#nanoTime}; asked by the pacer */
    public Playout(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Who is told, by any thread, that what comes next should not wait for the clock: a beginning after a silence, an end
     * before its time.
     */
    public void onUrgent(Runnable told) {
        onUrgent = told;
    }

    /** Returns when there is something to play, or {@link #want} was called, or the limit has passed: time to be answered. */
    public void awaitWanted(Duration limit) throws InterruptedException {
        boolean _ = wanted.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The call needs its caller now, though there is nothing to play. */
    void want() {
        wanted.countDown();
    }

    /** The caller can hear us from now on. */
    public void answered() {
        if (!open) {
            answeredAt = nanoTime.getAsLong();
            open = true;
            sound(utterance);
        }
    }

    boolean isAnswered() {
        return open;
    }

    long answeredAt() {
        return answeredAt;
    }

    /**
     * The next 10 ms: 240 samples, 24 kHz mono. Called by one thread only, the pacer; never waits, allocates nothing.
     *
     * @return false for silence, the frame's content is then undefined
     */
    public boolean next(short[] frame) {
        Utterance now = open && !paused ? utterance : null;
        Utterance before = playing;
        if (before != null && before != now && sounding) {
            sounding = false;
            playing = null;
            if (before.fade(frame)) {
                return true;
            }
        }
        HoldMusic held = music;
        if (held != null && open && held.next(frame)) {
            return true;
        }
        if (now != null && cut) {
            cut = false;
            now.backToWord();
        }
        playing = now;
        sounding = now != null && now.next(frame, !sounding && now.played() > 0, nanoTime.getAsLong());
        return sounding;
    }

    /** Plays this instead of whatever plays now. */
    void play(Utterance next) {
        utterance = next;
        cut = false;
        paused = false;
        next.onBeginning(() -> sound(next));
        sound(next);
    }

    /** Plays this, before all else, until it has ended. */
    void play(HoldMusic next) {
        music = next;
        want();
    }

    private void sound(@Nullable Utterance beginning) {
        if (beginning != null && beginning == utterance && !paused && beginning.begins()) {
            want();
            if (open) {
                onUrgent.run();
            }
        }
    }

    /** Samples ready to be played now. */
    long prepared() {
        var current = utterance;
        return current == null ? 0 : current.remaining();
    }

    /** Silence from the next frame on; {@link #resume} goes on with the word that was cut by that. */
    void pause() {
        cut = true;
        paused = true;
        onUrgent.run();
    }

    void resume() {
        paused = false;
    }

    boolean paused() {
        return paused;
    }

    /** Drops what was not played: silence from the next frame on. */
    void clear() {
        Utterance dropped = utterance;
        utterance = null;
        if (dropped != null && !dropped.over() && !paused) {
            onUrgent.run();
        }
        paused = false;
    }
}
