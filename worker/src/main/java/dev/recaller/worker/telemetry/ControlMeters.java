package dev.recaller.worker.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import java.util.List;

/** What the control API refuses, as a metric that is there from the first scrape on. Safe for use by many threads. */
public final class ControlMeters {

    private final Instruments instruments;

    /** Counts requests without a key that holds, by these reasons. */
    public ControlMeters(Meters meters, List<? extends Enum<?>> reasons) {
        instruments = meters.instruments();
        reasons.forEach(this::counter);
    }

    public void denied(Enum<?> why) {
        counter(why).increment();
    }

    private Counter counter(Enum<?> why) {
        return instruments.counter(
                "recaller.control.denied",
                "Requests to the control API without a key that holds",
                Tags.of("reason", Instruments.label(why)));
    }
}
