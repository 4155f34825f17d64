package dev.recaller.worker.command;

import java.time.Duration;

/** Tells on standard error how far something is that takes longer than two seconds. Not thread safe. */
final class Progress {

    private static final long EVERY_NANOS = Duration.ofSeconds(2).toNanos();

    private final String what;
    private long told = System.nanoTime();
    private long count;

    /** Told as "{@code 1234 what ...}". */
    Progress(String what) {
        this.what = what;
    }

    void step() {
        count++;
        if (System.nanoTime() - told >= EVERY_NANOS) {
            told = System.nanoTime();
            RecallerCommand.status(count + " " + what + " ...");
        }
    }
}
