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
        long began = System.nanoTime();
        try {
            server.createDispatch(room, agentName, METADATA);
            while (true) {
                Duration taken = Duration.ofNanos(System.nanoTime() - began);
                if (server.jobsTaken(room) > 0) {
                    return Optional.of(taken);
                }
                if (taken.compareTo(limit) > 0) {
                    return Optional.empty();
                }
                Thread.sleep(LOOK_AGAIN);
            }
        } finally {
            server.deleteRoom(room);
        }
    }
}
