package dev.recaller.worker.speech;

import dev.recaller.flow.line.Line.Foresight;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** What the caller has probably said, on its way to the thread that listens. With the line's lock held. */
final class Expectation {

    private final Lock lock;
    private @Nullable String words;
    private boolean doubted;

    /** @param lock the line's */
    Expectation(Lock lock) {
        this.lock = lock;
    }

    void probably(String text) {
        words = text;
    }

    /** The caller goes on. Who was not told yet has nothing to doubt. */
    void doubted() {
        doubted = words == null;
        words = null;
    }

    /** It is certain now. */
    void settled() {
        words = null;
        doubted = false;
    }

    /**
     * Tells what is new; false when nothing is. Lets go of the lock meanwhile: what is begun on a guess may take longer than
     * the guess lasts.
     */
    boolean tell(Foresight foresight) throws InterruptedException {
        String text = words;
        boolean goesOn = doubted;
        if (text == null && !goesOn) {
            return false;
        }
        settled();
        lock.unlock();
        try {
            if (goesOn) {
                foresight.doubted();
            }
            if (text != null) {
                foresight.probably(text);
            }
        } finally {
            lock.lock();
        }
        return true;
    }
}
