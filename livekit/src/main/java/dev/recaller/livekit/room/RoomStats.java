package dev.recaller.livekit.room;

import dev.recaller.livekit.ffi.FfiStats;

/**
 * Counts over all rooms since {@link Rooms#open}; all but the first only grow.
 *
 * @param roomsOpen rooms joined and not yet left
 * @param handles native handles, and what came from the core that nobody expected
 * @param framesSent frames of 10 ms sent, silence included
 * @param framesLate of these, sent 10 ms late or more
 * @param framesSkipped frames left out because the clock or the core was 100 ms behind: a gap in somebody's ear
 * @param captureErrors frames the core did not take, counted when their output closes
 * @param framesReceived frames of 20 ms received
 * @param framesOverflowed of these, dropped because nobody read them for a second
 * @param packetsOverflowed data packets dropped because a listener was too slow
 */
public record RoomStats(
        int roomsOpen,
        FfiStats handles,
        long framesSent,
        long framesLate,
        long framesSkipped,
        long captureErrors,
        long framesReceived,
        long framesOverflowed,
        long packetsOverflowed) {}
