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
    private final CallStore store;
    private final InstantSource clock;
    private @Nullable CompletableFuture<CallStore.Call> begun;
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
                    store.save(call);
                    return call;
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
            CallStore.Call call = begun.join();
            Instant answered = answeredAt;
            store.save((answered == null ? call : call.answered(answered)).ended(clock.instant(), reason));
        }
    }
}
