package dev.recaller.worker.speech;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ready-made audio that is played whole and not to be interrupted: what a call opens with, an apology. With the line's lock
 * held.
 */
final class Announcements {

    /** Before the answer nothing is played: whoever rings is waited for. */
    private static final long FOR_EVER_NANOS = Long.MAX_VALUE;
    /** How much longer than it lasts it may take. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Playout playout;
    private final Condition changed;
    private final LongSupplier nanoTime;
    private final BooleanSupplier hungUp;
    private @Nullable Opening opening;

    private record Opening(Utterance utterance, Runnable played) {}

    /**
     * On a line.
     *
     * @param changed of the line's lock
     */
    Announcements(Playout playout, Condition changed, LongSupplier nanoTime, BooleanSupplier hungUp) {
        this.playout = playout;
        this.changed = changed;
        this.nanoTime = nanoTime;
        this.hungUp = hungUp;
    }

    /** Comes before all else; without the lock, before the line is used. */
    void open(short[] pcm, Runnable played) {
        opening = new Opening(Utterance.of(pcm), played);
    }

    /** Once. */
    void playOpening() throws InterruptedException {
        Opening first = opening;
        if (first == null) {
            return;
        }
        opening = null;
        if (play(first.utterance(), FOR_EVER_NANOS)) {
            first.played().run();
        }
    }

    /** Gives up when it is not taken in time. */
    void play(short[] pcm) throws InterruptedException {
        boolean _ = play(Utterance.of(pcm), nanos(pcm.length) + GRACE_NANOS);
    }

    /** How long to wait before looking again how far it was played. */
    static long untilPlayed(Utterance utterance) {
        return Math.clamp(nanos(utterance.remaining()), TimeUnit.MILLISECONDS.toNanos(1), LOOK_AGAIN_NANOS);
    }

    /** Whether it was played to its end: the line may end before, or take it too slowly. */
    private boolean play(Utterance utterance, long limitNanos) throws InterruptedException {
        long began = nanoTime.getAsLong();
        playout.play(utterance);
        try {
            while (!hungUp.getAsBoolean() && !utterance.over() && nanoTime.getAsLong() - began < limitNanos) {
                long _ = changed.awaitNanos(untilPlayed(utterance));
            }
            return utterance.over();
        } finally {
            playout.clear();
        }
    }

    private static long nanos(long samples) {
        return samples * TimeUnit.SECONDS.toNanos(1) / TextToSpeech.RATE;
    }
}
