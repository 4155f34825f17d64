package dev.recaller.livekit.server;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;

/**
 * Somebody to telephone, and the room they come into.
 *
 * @param trunkId the outbound trunk's
 * @param to a number in E.164, or a SIP user; no URI
 * @param from one of the trunk's numbers; empty: LiveKit takes one
 * @param identity of their participant
 * @param attributes of their participant, beside LiveKit's own
 * @param ring how long it may ring, up to {@link #LONGEST_RING}
 */
public record Dial(
        String trunkId,
        String to,
        String from,
        String room,
        String identity,
        Map<String, String> attributes,
        Duration ring) {

    /** livekit-server waits 80 s for an answer, for the call to be set up and to ring. */
    public static final Duration LONGEST_RING = Duration.ofSeconds(75);

    public Dial {
        requireNonNull(trunkId, "trunkId is null");
        requireNonNull(from, "from is null");
        requireNonNull(room, "room is null");
        requireNonNull(identity, "identity is null");
        attributes = Map.copyOf(attributes);
        if (to.isBlank()) {
            throw new IllegalArgumentException("there is no number to dial");
        }
        if (!ring.isPositive() || ring.compareTo(LONGEST_RING) > 0) {
            throw new IllegalArgumentException("ring is " + ring + ": more than 0 and at most " + LONGEST_RING);
        }
    }
}
