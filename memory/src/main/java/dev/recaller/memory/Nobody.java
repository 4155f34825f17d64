package dev.recaller.memory;

import java.time.Duration;

/** Of a caller nobody knows whose memory would be. */
record Nobody(Assurance assurance) implements CallerMemory {

    @Override
    public Recollection recall(Query query, Duration limit) {
        return Recollection.EMPTY;
    }

    @Override
    public void refresh(Duration limit) {}

    @Override
    public void close() {}
}
