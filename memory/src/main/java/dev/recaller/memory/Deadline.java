package dev.recaller.memory;

import dev.recaller.memory.recall.Embedding;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** By when an answer is wanted. What is still at work then goes on alone, and nobody waits for it. */
final class Deadline {

    private static final Duration LEAST = Duration.ofMillis(1);

    /** The part of a limit by which a model must have read the question. */
    private static final double TO_EMBED = 0.75;

    private static final Logger LOG = LoggerFactory.getLogger(Deadline.class);

    private final long begun = System.nanoTime();
    private final Duration limit;

    private Deadline(Duration limit) {
        this.limit = limit;
    }

    static Deadline in(Duration limit) {
        if (limit.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("limit: " + limit + " is under a millisecond");
        }
        return new Deadline(limit);
    }

    /** Until this part, 0 to 1, of the limit is over; a millisecond when it is. */
    Duration left(double part) {
        Duration left = Duration.ofNanos((long) (limit.toNanos() * part) - (System.nanoTime() - begun));
        return left.compareTo(LEAST) < 0 ? LEAST : left;
    }

    /** Runs beside this thread. */
    <T extends @Nullable Object> FutureTask<T> start(Callable<T> work) {
        var task = new FutureTask<T>(work);
        Thread.ofVirtual().name("recaller-recall").start(task);
        return task;
    }

    /** What a model made of a question, unless it is late: then words alone have to do. The rest of the limit is to rank. */
    @Nullable
    Embedding within(FutureTask<@Nullable Embedding> embedding) {
        try {
            return embedding.get(left(TO_EMBED).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.debug("the model was late for a question, its words alone are searched");
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the model's failures are no exceptions", e.getCause());
        }
    }

    /**
     * Waits for it as long as there is time.
     *
     * @throws MemoryException {@code TIMEOUT}
     */
    <T extends @Nullable Object> T run(Callable<T> work) {
        try {
            return start(work).get(left(1).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw MemoryException.timeout(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw MemoryException.timeout(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new AssertionError("recalling throws nothing else", e);
        }
    }
}
