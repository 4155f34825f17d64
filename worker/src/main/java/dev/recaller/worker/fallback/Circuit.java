package dev.recaller.worker.fallback;

import dev.recaller.flow.model.ModelException;
import dev.recaller.worker.speech.ProviderException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one model of one provider is worth waiting for, as all calls of the process together know. It opens after
 * failures in a row, and callers go to the fallback at once. From then on, one request at a time, ever more seldom, is sent to
 * it in the background as well; one that succeeds closes the circuit. So no caller pays for finding out. Thread safe.
 */
public final class Circuit {

    private static final Logger log = LoggerFactory.getLogger(Circuit.class);

    /** One may be chance; each that hangs costs a caller seconds. */
    static final int FAILURES = 2;

    static final Duration FIRST_WAIT = Duration.ofSeconds(5);
    static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /** A copy of a caller's request. */
    interface Probe {
        void send() throws InterruptedException;
    }

    private final String name;
    private final LongSupplier nanoTime;
    private final Executor background;
    private int failures;
    private long waitNanos;
    private long nextTryAt;
    private boolean trying;

    Circuit(String name, LongSupplier nanoTime, Executor background) {
        this.name = name;
        this.nanoTime = nanoTime;
        this.background = background;
    }

    public synchronized boolean isOpen() {
        return failures >= FAILURES;
    }

    synchronized void succeeded() {
        if (isOpen()) {
            log.info("{} works again", name);
        }
        failures = 0;
        waitNanos = 0;
    }

    /** A refusal is about the request, which may be wrong while all others are well served. */
    void failed(ProviderException why) {
        if (why.worthRepeating()) {
            failed();
        }
    }

    /** Sends a request in the background if the circuit is open and it is time for it. */
    void recover(Probe probe) {
        if (!claim()) {
            return;
        }
        try {
            background.execute(() -> run(probe));
        } catch (RejectedExecutionException e) {
            release(); // the process ends
        }
    }

    private void run(Probe probe) {
        try {
            probe.send();
            succeeded();
        } catch (ProviderException | ModelException e) {
            log.debug("{} still fails: {}", name, e.getMessage());
            failed();
        } catch (InterruptedException e) {
            log.debug("{} was not tried: the process ends", name);
        } finally {
            release();
        }
    }

    private synchronized void failed() {
        failures++;
        long now = nanoTime.getAsLong();
        if (!isOpen() || (waitNanos > 0 && now - nextTryAt < 0)) {
            return;
        }
        if (waitNanos == 0) {
            log.warn("{} failed {} times in a row: calls go to its fallback, if they have one", name, failures);
        }
        waitNanos = Math.clamp(2 * waitNanos, FIRST_WAIT.toNanos(), LONGEST_WAIT.toNanos());
        nextTryAt = now + waitNanos;
    }

    private synchronized boolean claim() {
        if (!isOpen() || trying || nanoTime.getAsLong() - nextTryAt < 0) {
            return false;
        }
        trying = true;
        return true;
    }

    private synchronized void release() {
        trying = false;
    }
}
