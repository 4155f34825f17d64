package dev.recaller.worker;

import dev.recaller.worker.control.WorkerSteering;
import dev.recaller.worker.telemetry.Health;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** What operators can do to this worker. */
final class Steering implements WorkerSteering {

    private final Worker worker;
    private final Health health;
    private final BooleanSupplier stopping;
    private final Instant startedAt = Instant.now();

    /** @param stopping true: the process ends with its last call */
    Steering(Worker worker, Health health, BooleanSupplier stopping) {
        this.worker = worker;
        this.health = health;
        this.stopping = stopping;
    }

    @Override
    public Status status() {
        return new Status(
                Program.version(),
                startedAt,
                worker.isClosedToCalls(),
                worker.callsGoingOn(),
                worker.maxCalls(),
                worker.load(),
                health.notReady());
    }

    @Override
    public void drain() {
        worker.closeToCalls();
    }

    @Override
    public Undrained undrain() {
        if (stopping.getAsBoolean()) {
            return Undrained.STOPPING;
        }
        if (!health.alive()) {
            return Undrained.NATIVE_CORE;
        }
        worker.openToCalls();
        return Undrained.TAKES_CALLS;
    }
}
