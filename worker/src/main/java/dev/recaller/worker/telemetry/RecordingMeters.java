package dev.recaller.worker.telemetry;

import dev.recaller.worker.recording.RecordingListener;

/** What becomes of recordings, as metrics. */
public final class RecordingMeters implements RecordingListener {

    private final Meters meters;
    private volatile int waiting;

    public RecordingMeters(Meters meters) {
        this.meters = meters;
        meters.recordingsWaiting(() -> waiting);
    }

    @Override
    public void ended(Outcome outcome) {
        meters.recording(outcome);
    }

    @Override
    public void deleted(int recordings) {
        meters.recordingsDeleted(recordings);
    }

    @Override
    public void waiting(int recordings) {
        waiting = recordings;
    }
}
