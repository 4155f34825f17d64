package dev.recaller.livekit.room;

import java.util.concurrent.atomic.LongAdder;

/** What all rooms of one {@link Rooms} count together. */
final class RoomCounters {
    final LongAdder framesSent = new LongAdder();
    final LongAdder framesLate = new LongAdder();
    final LongAdder framesSkipped = new LongAdder();
    final LongAdder captureErrors = new LongAdder();
    final LongAdder framesReceived = new LongAdder();
    final LongAdder framesOverflowed = new LongAdder();
    final LongAdder packetsOverflowed = new LongAdder();
}
