/**
 * The boundary to LiveKit's native core: C functions, handles, events. Everything else of the core's interface is the
 * protobuf in {@code src/main/proto}. No {@link java.lang.foreign.MemorySegment} leaves this package; only
 * {@code livekit.room} uses it.
 */
@NullMarked
package dev.recaller.livekit.ffi;

import org.jspecify.annotations.NullMarked;
