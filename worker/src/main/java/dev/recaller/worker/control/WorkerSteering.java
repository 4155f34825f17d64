package dev.recaller.worker.control;

import java.time.Instant;
import java.util.List;

/** What the control API can do to the worker itself. Any thread; returns at once. */
public interface WorkerSteering {

    /**
     * How the worker is.
     *
     * @param load 0 to 1, as LiveKit's server is told
     * @param notReady why it is not, empty when it is
     */
    record Status(
            String version,
            Instant startedAt,
            boolean draining,
            int calls,
            int maxCalls,
            double load,
            List<String> notReady) {}

    /** Whether it takes calls again. */
    enum Undrained {
        TAKES_CALLS,
        /** It was told to stop. */
        STOPPING,
        /** The native core panicked. */
        NATIVE_CORE
    }

    Status status();

    /** Takes no more calls. */
    void drain();

    Undrained undrain();
}
