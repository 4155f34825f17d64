package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Turns of one call, to be stored. Storing a turn twice (same call, same index) changes nothing. */
public record Conversation(UUID callId, Assurance assurance, List<Turn> turns) {
    public Conversation {
        requireNonNull(callId, "callId is null");
        requireNonNull(assurance, "assurance is null");
        turns = List.copyOf(turns);
    }

    /** What of it was said after that time. */
    Conversation after(Instant time) {
        return new Conversation(
                callId,
                assurance,
                turns.stream().filter(turn -> turn.saidAt().isAfter(time)).toList());
    }
}
