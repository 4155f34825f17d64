package dev.recaller.flow.node;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.recaller.memory.Assurance;
import dev.recaller.memory.CallerMemory;
import dev.recaller.memory.Query;
import dev.recaller.memory.Recollection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The caller's memory of one call: opened by the first recall and kept, opened anew when that failed or the caller is better
 * proven by now. For any of the call's threads.
 */
final class OpenedMemory {

    /** Opens a caller's memory within a limit; empty: there is none to use. */
    @FunctionalInterface
    interface Opener {
        Optional<CallerMemory> open(Assurance assurance, Duration limit);
    }

    /** A caller of ten thousand rows takes a quarter of a second on a quiet machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration LEAST = Duration.ofMillis(1);

    private record Opening(Assurance assurance, Future<Optional<CallerMemory>> memory) {

        boolean failed() {
            return memory.state() == Future.State.FAILED;
        }

        /** Waits until it is open. */
        void close() {
            try {
                memory.get().ifPresent(CallerMemory::close);
            } catch (ExecutionException e) {
                // It never opened.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final ExecutorService threads;
    private final Opener opener;
    private volatile @Nullable Opening opening; // written under this

    /** Memory is opened and closed on these threads, which somebody else ends. */
    OpenedMemory(ExecutorService threads, Opener opener) {
        this.threads = threads;
        this.opener = opener;
    }

    /** Waits for the memory to be open, and then for its answer; empty when there is none to use. */
    Optional<Recollection> recall(Query query, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        long begun = System.nanoTime();
        Optional<CallerMemory> memory = opening(query.assurance()).get(timeout.toNanos(), NANOSECONDS);
        Duration left = timeout.minusNanos(System.nanoTime() - begun);
        return memory.map(caller -> caller.recall(query, left.compareTo(LEAST) < 0 ? LEAST : left));
    }

    /** What was stored is to be found at the next recall without asking for it then. */
    void refresh() {
        Opening known = opening;
        if (known != null && known.memory().state() == Future.State.SUCCESS) {
            known.memory().resultNow().ifPresent(memory -> memory.refresh(PATIENCE));
        }
    }

    /** Returns at once. */
    void close() {
        Opening known = opening;
        if (known != null) {
            threads.execute(known::close);
        }
    }

    private synchronized Future<Optional<CallerMemory>> opening(Assurance assurance) {
        Opening known = opening;
        if (known == null || known.failed() || known.assurance() != assurance) {
            close();
            known = new Opening(assurance, threads.submit(() -> opener.open(assurance, PATIENCE)));
            opening = known;
        }
        return known.memory();
    }
}
