package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.UUID;

/** Turns of one call, to be stored. Storing a turn twice (same call, same index) changes nothing. */
public record Conversation(UUID callId, Assurance assurance, List<Turn> turns) {
    public Conversation {
        requireNonNull(callId, "callId is null");
        requireNonNull(assurance, "assurance is null");
        turns = List.copyOf(turns);
    }
}
