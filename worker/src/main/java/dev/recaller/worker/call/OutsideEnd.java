package dev.recaller.worker.call;

import dev.recaller.flow.EndReason;
import org.jspecify.annotations.Nullable;

/**
 * Why somebody else than the flow ended a call, the first reason counts, and the thread that is interrupted for it. Never
 * blocks; any thread.
 */
final class OutsideEnd {
    private @Nullable EndReason reason;
    private @Nullable Thread running;

    /** Ends what runs, now or as soon as it may be interrupted. */
    synchronized void end(EndReason why) {
        if (reason == null) {
            reason = why;
            if (running != null) {
                running.interrupt();
            }
        }
    }

    /** What runs finds out by itself that it is over. */
    synchronized void isOver(EndReason why) {
        if (reason == null) {
            reason = why;
        }
    }

    /** From now on {@link #end} interrupts this thread. */
    synchronized void interrupts(Thread thread) {
        running = thread;
        if (reason != null) {
            thread.interrupt();
        }
    }

    /** From now on {@link #end} interrupts nobody, and what it interrupted before is forgotten; by the thread it was. */
    synchronized void interruptsNobody() {
        running = null;
        boolean _ = Thread.interrupted();
    }

    synchronized EndReason or(EndReason otherwise) {
        return reason == null ? otherwise : reason;
    }
}
