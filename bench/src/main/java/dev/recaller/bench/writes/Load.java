package dev.recaller.bench.writes;

import dev.recaller.memory.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Callers who talk at the same time, each on a virtual thread, each turn stored before the next is said.
 *
 * @param pace between the ends of two turns of one call; zero: as fast as they go
 */
record Load(int calls, Duration pace) {

    /** Stores for so long; a turn that waits for the one before it counts from when it was due. */
    Measured run(TurnStore store, Duration duration) throws InterruptedException {
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        List<Future<long[]>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int call = 0; call < calls; call++) {
                int caller = call;
                long first = start + pace.toNanos() * call / calls;
                running.add(threads.submit(() -> talk(store, caller, first, end)));
            }
        }
        List<long[]> took = new ArrayList<>();
        for (Future<long[]> call : running) {
            took.add(result(call));
        }
        return Measured.of(
                took.stream().flatMapToLong(LongStream::of).toArray(), Duration.ofNanos(System.nanoTime() - start));
    }

    private long[] talk(TurnStore store, int caller, long first, long end) throws Exception {
        LongStream.Builder took = LongStream.builder();
        long due = first;
        UUID callId = UUID.randomUUID();
        int index = 0;
        while (due < end) {
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            Turn turn = Script.turn(caller, index, Instant.now());
            store.store(caller, callId, turn);
            long now = System.nanoTime();
            took.add(now - due);
            due = pace.isZero() ? now : due + pace.toNanos();
            index++;
            if (index == Script.turns()) {
                index = 0;
                callId = UUID.randomUUID();
            }
        }
        return took.build().toArray();
    }

    private static long[] result(Future<long[]> call) throws InterruptedException {
        try {
            return call.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a turn could not be stored", e.getCause());
        }
    }
}
