package dev.recaller.memory.jobs;

import java.time.Duration;

/** Told how jobs end, on the thread that ran them; must not throw. */
@FunctionalInterface
public interface JobListener {

    enum Outcome {
        DONE,
        /** There was nothing to do (any more). */
        NOTHING,
        /** It failed and will be tried again. */
        FAILED,
        /** It failed too often, or would for ever: it waits for an operator. */
        PARKED,
        /** Its worker died or stopped; another one goes on. */
        LOST
    }

    /**
     * A try ended.
     *
     * @param kind {@link dev.recaller.memory.ExtractionJob#KIND} or the name of a sweep
     */
    void ended(String kind, Outcome outcome, Duration took);
}
