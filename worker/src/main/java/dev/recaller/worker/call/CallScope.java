package dev.recaller.worker.call;

import dev.recaller.worker.telemetry.Logging;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The threads of one call. Whatever is forked here ends with the call: {@link #close} interrupts it and waits for it. A
 * task that fails is logged with the call's id; it is the task's own matter to end the call.
 */
final class CallScope implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CallScope.class);

    interface Task {
        void run() throws InterruptedException;
    }

    private final String callId;
    private final String organizationId;
    private final ExecutorService threads;

    CallScope(String callId, String organizationId) {
        this.callId = callId;
        this.organizationId = organizationId;
        threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("call-" + callId + "-", 0).factory());
    }

    void fork(String name, Task task) {
        threads.execute(() -> {
            MDC.put(Logging.CALL, callId);
            MDC.put(Logging.ORGANIZATION, organizationId);
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
