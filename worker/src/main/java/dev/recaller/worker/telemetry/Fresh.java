package dev.recaller.worker.telemetry;

import java.time.Duration;
import java.util.function.Supplier;

/** An answer that several numbers of one scrape come from: asked for once, and again after {@link #AGE}. Safe for many threads. */
final class Fresh<T> implements Supplier<T> {

    private static final Duration AGE = Duration.ofSeconds(2);

    private final Supplier<T> question;
    private T latest;
    private long askedAt = System.nanoTime() - AGE.toNanos();

    /** @param none until the question is first asked */
    Fresh(T none, Supplier<T> question) {
        this.latest = none;
        this.question = question;
    }

    @Override
    public synchronized T get() {
        if (System.nanoTime() - askedAt >= AGE.toNanos()) {
            latest = question.get();
            askedAt = System.nanoTime();
        }
        return latest;
    }
}
