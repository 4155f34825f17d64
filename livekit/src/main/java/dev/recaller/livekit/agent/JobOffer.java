package dev.recaller.livekit.agent;

/**
 * A room that wants an agent.
 *
 * @param roomName of a telephone room contains the number: not for logs
 * @param metadata what the dispatch says to the agent; may be empty
 * @param receivedNs when it came, by {@link System#nanoTime}
 */
public record JobOffer(String jobId, String roomSid, String roomName, String metadata, long receivedNs) {}
