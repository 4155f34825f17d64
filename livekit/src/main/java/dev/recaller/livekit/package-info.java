/**
 * A small LiveKit client for the JVM. It knows nothing of calls, flows or memory.
 *
 * <ul>
 *   <li>{@link dev.recaller.livekit.room}: rooms, participants and audio, by LiveKit's own native core
 *   <li>{@link dev.recaller.livekit.agent}: the agent-worker protocol: offers, jobs, load, drain
 *   <li>{@link dev.recaller.livekit.server}: keys, tokens and the server's HTTP API
 *   <li>{@code ffi}: the native boundary; only {@code room} uses it
 * </ul>
 */
@NullMarked
package dev.recaller.livekit;

import org.jspecify.annotations.NullMarked;
