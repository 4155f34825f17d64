package dev.recaller.worker.command;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * SIGTERM and SIGINT, told before the JVM begins to shut down. A shutdown hook would be too late for a drain: ONNX Runtime
 * has one of its own that runs at the same time and takes away what models of running calls stand on.
 */
final class Termination {

    /** Of a process that ends because of SIGTERM, by the convention of shells: 128 and the signal's number. */
    static final int EXIT_CODE = 143;

    private static final List<String> SIGNALS = List.of("TERM", "INT");

    private Termination() {}

    /**
     * Has the first of these signals run the first step, the next one the next; each must return at once. One more ends the
     * process.
     */
    static void handle(Runnable... steps) {
        var had = new AtomicInteger();
        Runnable next = () -> {
            int step = had.getAndIncrement();
            if (step >= steps.length - 1) {
                SIGNALS.forEach(Signals::leave);
            }
            if (step < steps.length) {
                steps[step].run();
            }
        };
        SIGNALS.forEach(name -> Signals.on(name, next));
    }
}
