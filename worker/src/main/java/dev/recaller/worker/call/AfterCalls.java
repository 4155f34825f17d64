package dev.recaller.worker.call;

import dev.recaller.memory.MemoryException;
import dev.recaller.memory.jobs.MemoryJobs;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to do when a call is over, off everybody's way: its row, and telling memory's jobs that it may be read. Any
 * thread.
 */
public final class AfterCalls implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AfterCalls.class);
    private static final int CLOSING_SECONDS = 10;

    private final MemoryJobs jobs;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public AfterCalls(MemoryJobs jobs) {
        this.jobs = jobs;
    }

    /**
     * Returns at once.
     *
     * @param first done before anything else, whatever comes of the rest
     */
    public void ended(UUID callId, Runnable first) {
        threads.execute(() -> {
            try {
                first.run();
                jobs.callEnded(callId);
            } catch (MemoryException e) {
                log.warn("what call {} says is looked for hours later: {}", callId, e.getMessage());
            } catch (RuntimeException e) {
                log.error("the end of call {} is not told", callId, e);
            }
        });
    }

    /** Waits for what was begun, for so long at most. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
