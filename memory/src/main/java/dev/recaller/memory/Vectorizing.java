package dev.recaller.memory;

import dev.recaller.memory.recall.Embedder;
import dev.recaller.memory.recall.Embedding;
import dev.recaller.memory.recall.Vectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps the vectors of chunks up to date with the model, off the calls' threads: few threads, a bounded number of waiting
 * chunks. What finds no place is dropped, and made when its caller is next loaded or a sweep comes by. Without a model
 * there is nothing to keep. Safe for use by many threads.
 */
final class Vectorizing implements AutoCloseable {

    /** Chunks that may wait: 20 seconds' work of one thread at 10 ms each. */
    static final int WAITING = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(Vectorizing.class);

    /** One core in four: the others are the calls'. */
    private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);

    private static final int BATCH = 16;
    private static final Duration LAST_MOMENT = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Stores stores;
    private final @Nullable Embedder embedder;
    private final int capacity;
    private final VectorStore vectors = new VectorStore();
    private final Set<UUID> waiting = ConcurrentHashMap.newKeySet();
    private final Set<Consumer<Map<UUID, Vectors>>> listeners = ConcurrentHashMap.newKeySet();
    private final AtomicLong submitted = new AtomicLong();
    private final ThreadPoolExecutor threads;

    Vectorizing(Stores stores, @Nullable Embedder embedder) {
        this(stores, embedder, WAITING);
    }

    Vectorizing(Stores stores, @Nullable Embedder embedder, int capacity) {
        this.stores = stores;
        this.embedder = embedder;
        this.capacity = capacity;
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                1,
                TimeUnit.MINUTES,
                new PriorityBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("recaller-vectors-", 0).factory(),
                (batch, _) -> drop(batch));
        threads.allowCoreThreadTimeOut(true);
    }

    /** Name of the model; null when there is none. */
    @Nullable
    String model() {
        return embedder == null ? null : embedder.model();
    }

    /** What the model makes of a question; null when there is no model or it failed, so words alone have to do. */
    @Nullable
    Embedding question(String text) {
        if (embedder == null) {
            return null;
        }
        try {
            return embedder.question(text);
        } catch (RuntimeException e) {
            LOG.warn("the model could not read a question, words alone are searched: {}", e.toString());
            return null;
        }
    }

    /** For chunks of a call that goes on; before all {@link #repair}. Returns at once. */
    void said(String organizationId, Collection<UUID> chunks) {
        submit(organizationId, chunks, true);
    }

    /** For chunks without vectors of this model. Returns at once. */
    void repair(String organizationId, Collection<UUID> chunks) {
        submit(organizationId, chunks, false);
    }

    /** Tells of vectors made from now on, in the thread that made them. */
    void listen(Consumer<Map<UUID, Vectors>> listener) {
        listeners.add(listener);
    }

    void forget(Consumer<Map<UUID, Vectors>> listener) {
        listeners.remove(listener);
    }

    /** Looks at so many chunks from one on, by id, and waits until the vectors they lack are made, after those of calls. */
    VectorSweep sweep(String organizationId, @Nullable ChunkId after, int chunks) {
        Embedder model = embedder;
        if (model == null) {
            return new VectorSweep(0, null);
        }
        List<VectorStore.Swept> seen = stores.read(
                organizationId,
                tx -> vectors.from(
                        tx, organizationId, after == null ? VectorStore.FIRST : after.value(), model.model(), chunks));
        List<UUID> lacking = seen.stream()
                .filter(VectorStore.Swept::lacking)
                .map(VectorStore.Swept::chunk)
                .toList();
        int made = 0;
        for (int i = 0; i < lacking.size() && !Thread.currentThread().isInterrupted(); i += BATCH) {
            List<UUID> some = lacking.subList(i, Math.min(i + BATCH, lacking.size()));
            var batch = new Batch(model, organizationId, some, false, submitted.incrementAndGet());
            threads.execute(batch);
            made += batch.made.join();
        }
        return new VectorSweep(
                made, seen.size() < chunks ? null : new ChunkId(seen.getLast().chunk()));
    }

    /** Gives what waits a moment, then ends when the chunk in work is done; the rest is left for the next load of its caller. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (threads.awaitTermination(LAST_MOMENT.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            threads.shutdownNow().forEach(Vectorizing::drop);
            if (!threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("the model did not stop within {} s", PATIENCE.toSeconds());
            }
        } catch (InterruptedException e) {
            threads.shutdownNow().forEach(Vectorizing::drop);
            Thread.currentThread().interrupt();
        }
    }

    private static void drop(Runnable batch) {
        ((Batch) batch).made.complete(0);
    }

    private void submit(String organizationId, Collection<UUID> chunks, boolean urgent) {
        Embedder model = embedder;
        if (model == null || threads.isShutdown()) {
            return;
        }
        int most = urgent ? capacity : capacity / 2;
        List<UUID> batch = new ArrayList<>();
        for (UUID chunk : chunks) {
            if (waiting.size() >= most) {
                LOG.debug("{} chunks have to wait for the next load of their caller", chunks.size());
                break;
            }
            if (waiting.add(chunk)) {
                batch.add(chunk);
            }
            if (batch.size() == BATCH) {
                threads.execute(
                        new Batch(model, organizationId, List.copyOf(batch), urgent, submitted.incrementAndGet()));
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            threads.execute(new Batch(model, organizationId, List.copyOf(batch), urgent, submitted.incrementAndGet()));
        }
    }

    /** Returns how many vectors were made and stored. */
    private int make(Embedder model, String organizationId, List<UUID> chunks) {
        List<VectorStore.Text> texts =
                stores.read(organizationId, tx -> vectors.without(tx, organizationId, chunks, model.model()));
        Map<UUID, Vectors> made = new HashMap<>();
        for (VectorStore.Text text : texts) {
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
            made.put(text.passage().id(), model.passage(text.passage(), text.previous()));
        }
        if (!made.isEmpty()) {
            listeners.forEach(listener -> listener.accept(Map.copyOf(made)));
            stores.<Integer>write(organizationId, tx -> {
                made.forEach((chunk, of) -> vectors.put(tx, organizationId, chunk, model.model(), of, stores.now()));
                return made.size();
            });
        }
        return made.size();
    }

    private final class Batch implements Runnable, Comparable<Batch> {

        private final Embedder model;
        private final String organizationId;
        private final List<UUID> chunks;
        private final boolean urgent;
        private final long number;
        private final CompletableFuture<Integer> made = new CompletableFuture<>();

        Batch(Embedder model, String organizationId, List<UUID> chunks, boolean urgent, long number) {
            this.model = model;
            this.organizationId = organizationId;
            this.chunks = chunks;
            this.urgent = urgent;
            this.number = number;
        }

        @Override
        public void run() {
            int count = 0;
            try {
                count = make(model, organizationId, chunks);
            } catch (RuntimeException e) {
                LOG.atLevel(threads.isTerminating() ? Level.DEBUG : Level.WARN)
                        .log(
                                "{} chunks are without vectors until their caller is next loaded: {}",
                                chunks.size(),
                                e.toString());
            } finally {
                chunks.forEach(waiting::remove);
                made.complete(count);
            }
        }

        @Override
        public int compareTo(Batch other) {
            return urgent == other.urgent ? Long.compare(number, other.number) : urgent ? -1 : 1;
        }
    }
}
