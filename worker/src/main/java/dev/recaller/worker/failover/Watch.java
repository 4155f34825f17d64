package dev.recaller.worker.failover;

import dev.recaller.sql.DatabaseException;
import dev.recaller.worker.call.HeldCalls;
import dev.recaller.worker.store.CallLeases;
import dev.recaller.worker.store.CallLeases.Lost;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews what this worker holds and looks for what others have lost, twice a second, on a thread of its own. It judges others
 * only after its own renewals have been in time for as long as a lease lasts: a database that was away ends everybody's.
 */
public final class Watch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Watch.class);
    private static final Duration EVERY = Duration.ofMillis(500);
    /** Who renews later than that was held up, and so may others have been: with {@link #EVERY} it is less than a lease. */
    private static final Duration HITCH = CallLeases.LASTS.dividedBy(2);

    private static final Duration MISSED_EVERY = Duration.ofSeconds(2);

    private final HeldCalls held;
    private final CallLeases leases;
    private final Consumer<Lost> taking;
    private final MissedCalls missed;
    private final ScheduledExecutorService renewing = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("recaller-leases").daemon().factory());
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("recaller-missed").factory());

    // of the renewing thread
    private long last = System.nanoTime();
    private long steadySince = last;
    private boolean silent;

    /** @param taking goes on with a lost call, on a thread of its own, if nobody else does by then */
    public Watch(HeldCalls held, CallLeases leases, Consumer<Lost> taking, MissedCalls missed) {
        this.held = held;
        this.leases = leases;
        this.taking = taking;
        this.missed = missed;
    }

    /** Once. */
    public void start() {
        var _ = renewing.scheduleWithFixedDelay(this::renew, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        var _ = looking.scheduleWithFixedDelay(
                this::look, MISSED_EVERY.toMillis(), MISSED_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void renew() {
        long began = System.nanoTime();
        try {
            held.renew();
            List<Lost> lost = leases.lost();
            if (isSteady(began)) {
                lost.forEach(call -> Thread.ofVirtual().name("livekit-job").start(() -> taking.accept(call)));
            }
            silent = false;
        } catch (DatabaseException e) {
            if (!silent) {
                log.warn("it is not known whether workers are lost: {}", e.getMessage());
            }
            silent = true;
        } catch (RuntimeException e) {
            log.error("the calls' leases are not renewed", e);
        }
    }

    /** @param began when this renewal did: the last one holds from then on at least */
    private boolean isSteady(long began) {
        long now = System.nanoTime();
        if (now - last > HITCH.toNanos()) {
            steadySince = now;
        }
        last = began;
        return now - steadySince >= CallLeases.LASTS.toNanos();
    }

    private void look() {
        try {
            missed.look();
        } catch (RuntimeException e) {
            log.warn("it is not known whether calls were missed: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        renewing.shutdownNow();
        looking.shutdownNow();
    }
}
