package dev.recaller.worker.failover;

import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.server.LiveKitServer.OpenRoom;
import dev.recaller.livekit.server.LiveKitServer.Present;
import dev.recaller.livekit.server.LiveKitServer.Sent;
import dev.recaller.worker.store.CallLeases;
import dev.recaller.worker.telemetry.Meters;
import dev.recaller.worker.telemetry.Meters.Rescue;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds callers who wait alone. LiveKit offers a job once: if no worker could take it then, nobody ever does, and the caller
 * hears it ring until their carrier gives up.
 */
public final class MissedCalls {
    private static final Logger log = LoggerFactory.getLogger(MissedCalls.class);

    /** A job that somebody takes is taken within three seconds, LiveKit's own limit. By our clock: the server may have another. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final LiveKitServer server;
    private final String agentName;
    private final CallLeases leases;
    private final Meters meters;
    /** Since when an agent was seen not to come, by the id of what it was sent for with; by the looking thread. */
    private Map<String, Long> waiting = Map.of();

    /** @param agentName of this installation's workers */
    public MissedCalls(LiveKitServer server, String agentName, CallLeases leases, Meters meters) {
        this.server = server;
        this.agentName = agentName;
        this.leases = leases;
        this.meters = meters;
    }

    /** Sends for an agent again, to each room where a telephone waits alone for one of ours. By one thread. */
    void look() {
        Map<String, Long> still = new HashMap<>();
        for (OpenRoom room : server.rooms()) {
            if (room.participants() == 1) {
                missed(room).ifPresent(sent -> {
                    long since = waiting.getOrDefault(sent.id(), System.nanoTime());
                    still.put(sent.id(), since);
                    if (System.nanoTime() - since >= PATIENCE.toNanos()) {
                        leases.alone(room.sid(), () -> sendAgain(room, sent));
                    }
                });
            }
        }
        waiting = still;
    }

    /** The last agent that was sent for and never came. */
    private Optional<Sent> missed(OpenRoom room) {
        List<Sent> ours = server.dispatches(room.name()).stream()
                .filter(sent -> sent.agentName().equals(agentName))
                .sorted(Comparator.comparing(Sent::at))
                .toList();
        if (ours.isEmpty()) {
            return Optional.empty();
        }
        List<Present> present = server.present(room.name());
        Set<String> there = present.stream().map(Present::identity).collect(Collectors.toSet());
        boolean waits = present.stream().anyMatch(Present::isTelephone)
                && ours.stream().flatMap(sent -> sent.agents().stream()).noneMatch(there::contains);
        return waits ? Optional.of(ours.getLast()) : Optional.empty();
    }

    /** Unless another worker has done that by now. */
    private void sendAgain(OpenRoom room, Sent before) {
        if (missed(room).filter(last -> last.id().equals(before.id())).isPresent()) {
            log.warn("a caller waits in room {} and no worker came: sent for again", room.sid());
            server.createDispatch(room.name(), agentName, before.metadata());
            server.deleteDispatch(room.name(), before.id());
            meters.rescued(Rescue.MISSED);
        }
    }
}
