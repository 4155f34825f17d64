package dev.recaller.worker.telemetry;

import dev.recaller.worker.recording.RecordingListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;

/** What becomes of recordings, as metrics; all there from the first scrape on. Safe for use by many threads. */
public final class RecordingMeters implements RecordingListener {

    private final Instruments instruments;
    private final Counter deleted;
    private volatile int waiting;

    public RecordingMeters(Meters meters) {
        instruments = meters.instruments();
        for (Outcome outcome : Outcome.values()) {
            counter(outcome);
        }
        deleted = instruments.counter(
                "recaller.recordings.deleted", "Recordings deleted because their calls are gone", Tags.empty());
        instruments.gauge(
                "recaller.recordings.waiting", "Recordings that are not stored yet", Tags.empty(), () -> waiting);
    }

    @Override
    public void ended(Outcome outcome) {
        counter(outcome).increment();
    }

    @Override
    public void deleted(int count) {
        deleted.increment(count);
    }

    @Override
    public void waiting(int count) {
        waiting = count;
    }

    private Counter counter(Outcome outcome) {
        return instruments.counter(
                "recaller.recordings",
                "What became of recordings of calls",
                Tags.of("outcome", Instruments.label(outcome)));
    }
}
