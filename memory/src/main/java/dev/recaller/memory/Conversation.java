package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns of one call, to be stored. Storing a turn twice (same call, same index) changes nothing.
 *
 * @param after of interest with the first turns of a call, where a model is to read it afterwards; null: the model is up to
 *     whoever reads it
 */
public record Conversation(
        UUID callId,
        Assurance assurance,
        List<Turn> turns,
        @Nullable AfterCall after) {
    public Conversation {
        requireNonNull(callId, "callId is null");
        requireNonNull(assurance, "assurance is null");
        turns = List.copyOf(turns);
    }

    public Conversation(UUID callId, Assurance assurance, List<Turn> turns) {
        this(callId, assurance, turns, null);
    }
}
