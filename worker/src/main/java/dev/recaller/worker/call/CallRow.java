package dev.recaller.worker.call;

import dev.recaller.flow.EndReason;
import dev.recaller.worker.store.CallStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The call's row in the database, begun beside the call so that a slow database holds up no caller, and ended after it.
 * {@link #answered} may come from any thread.
 */
final class CallRow {
    private record Begun(CallStore.Call call, boolean saved) {}

    private final CallStore store;
    private final InstantSource clock;
    private @Nullable CompletableFuture<Begun> begun;
    private volatile @Nullable Instant answeredAt;

    CallRow(CallStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** @param row may ask the database */
    void begin(Supplier<CallStore.Call> row) {
        begun = CompletableFuture.supplyAsync(
                () -> {
                    CallStore.Call call = row.get();
                    return new Begun(call, store.save(call));
                },
                Thread::startVirtualThread);
    }

    void answered() {
        answeredAt = clock.instant();
    }

    boolean isAnswered() {
        return answeredAt != null;
    }

    /** Waits for the beginning to be written; without one there was no caller and is no row. */
    void end(EndReason reason) {
        if (begun != null) {
            Begun row = begun.join();
            Instant answered = answeredAt;
            CallStore.Call call = answered == null ? row.call() : row.call().answered(answered);
            store.end(call.ended(clock.instant(), reason), row.saved());
        }
    }
}
