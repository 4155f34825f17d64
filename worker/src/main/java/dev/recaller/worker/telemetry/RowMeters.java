package dev.recaller.worker.telemetry;

import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;

/** How large the memory is, asked for whenever somebody scrapes. */
public final class RowMeters {

    private final Instruments instruments;

    public RowMeters(Meters meters) {
        this.instruments = meters.instruments();
    }

    /**
     * Shows how many rows of each kind there are; without a database no number.
     *
     * @param kinds of a closed set
     * @param rows by kind; empty when the database does not answer
     */
    public void watch(Collection<String> kinds, Supplier<Map<String, Long>> rows) {
        var latest = new Fresh<>(Map.of(), rows);
        for (String kind : kinds) {
            instruments.gauge(
                    "recaller.memory.rows",
                    "Rows of all organizations, as PostgreSQL estimates them",
                    Tags.of("kind", kind),
                    () -> {
                        Long count = latest.get().get(kind);
                        return count == null ? Double.NaN : (double) count;
                    });
        }
    }
}
