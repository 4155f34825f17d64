package dev.recaller.livekit.ffi;

/**
 * Counts since the core was opened.
 *
 * @param handlesOwned handles the core gave us
 * @param handlesDropped handles we gave back
 * @param handlesUnknown handles we gave back that the core did not know: always 0, else there is a mistake here
 * @param unknownEvents events of a kind this library has never heard of; each may have leaked a handle
 * @param strayFrames audio that arrived after its stream was closed
 */
public record FfiStats(
        long handlesOwned, long handlesDropped, long handlesUnknown, long unknownEvents, long strayFrames) {}
