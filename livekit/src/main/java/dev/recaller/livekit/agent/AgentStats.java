package dev.recaller.livekit.agent;

/**
 * Counts since the connection was made.
 *
 * @param accepted offers we took
 * @param busy offers the listener was too busy for, or failed to answer
 * @param declined offers the listener declined for everybody
 * @param draining offers refused because of {@link AgentConnection#drain}
 * @param late accepted offers whose assignment did not come in time
 * @param registrations times we have registered; more than one means the connection was lost
 * @param statusesLost job statuses given up because the server was away too long
 */
public record AgentStats(
        long accepted, long busy, long declined, long draining, long late, long registrations, long statusesLost) {}
