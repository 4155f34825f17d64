package dev.recaller.worker.telephony;

import dev.recaller.livekit.server.LiveKitServer;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Finds out whether a worker takes calls, by offering a job in a room of its own. A worker ends that job at once: no call
 * is begun, counted or stored, and a place for a call is taken for milliseconds.
 */
public final class WorkerProbe {
    private static final String METADATA = "{\"check\":true}";
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private WorkerProbe() {}

    /** Whether a job is only a question. */
    public static boolean isOne(String jobMetadata) {
        return METADATA.equals(jobMetadata);
    }

    /**
     * How long it took until a worker took the job; empty if none did within the limit. Leaves no room behind.
     *
     * @param limit LiveKit's server asks workers for up to 3 seconds
     */
    public static Optional<Duration> ask(LiveKitServer server, String agentName, Duration limit)
            throws InterruptedException {
        String room = "recaller-check-" + UUID.randomUUID();
        try {
            server.createDispatch(room, agentName, METADATA);
            return awaitTaken(server, room, limit);
        } finally {
            server.deleteRoom(room);
        }
    }

    /**
     * How long it took from now until a worker took the job of a room; empty if none did within the limit. LiveKit has no
     * request that waits for that, so it is asked again and again.
     */
    public static Optional<Duration> awaitTaken(LiveKitServer server, String room, Duration limit)
            throws InterruptedException {
        long began = System.nanoTime();
        while (server.jobsTaken(room) == 0) {
            if (System.nanoTime() - began > limit.toNanos()) {
                return Optional.empty();
            }
            Thread.sleep(LOOK_AGAIN);
        }
        return Optional.of(Duration.ofNanos(System.nanoTime() - began));
    }
}
