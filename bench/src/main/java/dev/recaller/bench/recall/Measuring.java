package dev.recaller.bench.recall;

import dev.recaller.bench.recall.Population.Measured;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.CallerMemory;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Query;
import dev.recaller.memory.UnifiedMemoryService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** What a call does with its caller's memory, one after another, timed. */
final class Measuring {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ITEMS = 10;

    private final Random random = new Random(4);

    /** The phone rings: the caller's rows are read and its card is made. */
    Figures prefetch(UnifiedMemoryService memory, Measured kind, int times) {
        List<MemoryIdentity> callers = new ArrayList<>();
        while (callers.size() < times) {
            callers.addAll(kind.identities());
        }
        Collections.shuffle(callers, random);
        long[] took = new long[times];
        for (int i = 0; i < times; i++) {
            UUID call = UUID.randomUUID();
            long begun = System.nanoTime();
            try (CallerMemory open = memory.open(callers.get(i), Assurance.PRESENTED, call, LIMIT)) {
                int items = open.recall(new Query(null, ITEMS, Assurance.PRESENTED, call), LIMIT)
                        .items()
                        .size();
                took[i] = System.nanoTime() - begun;
                check(items);
                // The index is made beside the call; the next one is not to share the processor with it.
                check(search(open, call, i));
            }
        }
        return Figures.of(took);
    }

    /** From the ring to an index that answers. */
    Figures searchable(UnifiedMemoryService memory, Measured kind, int times) {
        long[] took = new long[times];
        List<MemoryIdentity> callers = kind.identities();
        for (int i = 0; i < times; i++) {
            UUID call = UUID.randomUUID();
            long begun = System.nanoTime();
            try (CallerMemory open = memory.open(callers.get(i % callers.size()), Assurance.PRESENTED, call, LIMIT)) {
                check(search(open, call, i));
                took[i] = System.nanoTime() - begun;
            }
        }
        return Figures.of(took);
    }

    /** The caller asks, and asks again. */
    Figures search(UnifiedMemoryService memory, Measured kind, int times) {
        UUID call = UUID.randomUUID();
        long[] took = new long[times];
        try (CallerMemory open = memory.open(kind.identities().getFirst(), Assurance.PRESENTED, call, LIMIT)) {
            search(open, call, 0);
            for (int i = 0; i < times; i++) {
                long begun = System.nanoTime();
                int items = search(open, call, i);
                took[i] = System.nanoTime() - begun;
                check(items);
            }
        }
        return Figures.of(took);
    }

    private static int search(CallerMemory open, UUID call, int question) {
        var query = new Query(Sentences.question(question), ITEMS, Assurance.PRESENTED, call);
        return open.recall(query, LIMIT).items().size();
    }

    private static void check(int items) {
        if (items == 0) {
            throw new IllegalStateException("nothing was found: the population is not what was asked for");
        }
    }
}
