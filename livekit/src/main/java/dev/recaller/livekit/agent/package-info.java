/**
 * The agent-worker protocol: {@link dev.recaller.livekit.agent.AgentConnection} registers with a LiveKit server and
 * asks a {@link dev.recaller.livekit.agent.JobListener} about each offer; an accepted one becomes a
 * {@link dev.recaller.livekit.agent.Job}.
 */
@NullMarked
package dev.recaller.livekit.agent;

import org.jspecify.annotations.NullMarked;
