package dev.recaller.worker.call;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one call. Whatever is forked here ends with the call: {@link #close} interrupts it and waits for it. A
 * task that fails is logged; it is the task's own matter to end the call.
 */
final class CallScope implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CallScope.class);

    interface Task {
        void run() throws InterruptedException;
    }

    private final ExecutorService threads;

    CallScope(ThreadFactory threads) {
        this.threads = Executors.newThreadPerTaskExecutor(threads);
    }

    void fork(String name, Task task) {
        threads.execute(() -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                log.error("{} failed", name, e);
            }
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
