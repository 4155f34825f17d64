package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.UUID;

/**
 * Turns of one call, to be stored. Storing a turn twice (same call, same index) changes nothing.
 *
 * @param minimum what it takes at least to read the turns and what is found in them back in another call
 */
public record Conversation(UUID callId, Assurance assurance, List<Turn> turns, Assurance minimum) {
    public Conversation {
        requireNonNull(callId, "callId is null");
        requireNonNull(assurance, "assurance is null");
        requireNonNull(minimum, "minimum is null");
        turns = List.copyOf(turns);
    }

    public Conversation(UUID callId, Assurance assurance, List<Turn> turns) {
        this(callId, assurance, turns, Assurance.PRESENTED);
    }
}
