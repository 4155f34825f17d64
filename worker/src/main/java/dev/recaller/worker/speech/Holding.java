package dev.recaller.worker.speech;

import dev.recaller.flow.line.Consultation;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Transferred;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How a caller is put on hold and taken off again. For the flow's thread. */
final class Holding {

    /** A fading that takes longer is not played at all. */
    private static final long LONGEST_FADE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** The pacer tells nobody how far it is, as it must not wait for a lock. */
    private static final int LOOK_AGAIN_MILLIS = 10;

    private final Playout playout;
    private final BooleanSupplier gone;
    private Supplier<short[]> tune = HoldTune::pcm;
    private @Nullable HoldMusic playing;

    /** @param gone whether nobody hears it any more */
    Holding(Playout playout, BooleanSupplier gone) {
        this.playout = playout;
        this.gone = gone;
    }

    /** What is played: 24 kHz mono, at least a sample. */
    void use(Supplier<short[]> other) {
        tune = other;
    }

    /** As {@link Line#music}. */
    void music(boolean plays) throws InterruptedException {
        HoldMusic now = playing;
        if (plays && now == null) {
            playing = new HoldMusic(tune.get());
            playout.play(playing);
        } else if (!plays && now != null) {
            playing = null;
            now.end();
            long began = System.nanoTime();
            while (!now.over() && !gone.getAsBoolean() && System.nanoTime() - began < LONGEST_FADE_NANOS) {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
        }
    }

    /** A talk beside the caller's. */
    record Beside(Consultation consultation, Runnable closed) implements Consultation {
        @Override
        public Line line() {
            return consultation.line();
        }

        @Override
        public Transferred join() throws InterruptedException {
            return consultation.join();
        }

        @Override
        public void close() {
            consultation.close();
            closed.run();
        }
    }
}
