package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns of one call, to be stored. Storing a turn twice (same call, same index) changes nothing.
 *
 * @param minimum what it takes at least to read the turns and what is found in them back in another call
 * @param after of interest with the first turns of a call, where a model is to read it afterwards; null: the model is up to
 *     whoever reads it
 */
public record Conversation(
        UUID callId,
        Assurance assurance,
        List<Turn> turns,
        Assurance minimum,
        @Nullable AfterCall after) {
    public Conversation {
        requireNonNull(callId, "callId is null");
        requireNonNull(assurance, "assurance is null");
        requireNonNull(minimum, "minimum is null");
        turns = List.copyOf(turns);
    }

    public Conversation(UUID callId, Assurance assurance, List<Turn> turns, Assurance minimum) {
        this(callId, assurance, turns, minimum, null);
    }

    public Conversation(UUID callId, Assurance assurance, List<Turn> turns) {
        this(callId, assurance, turns, Assurance.PRESENTED);
    }

    /** What of it was said after that time. */
    Conversation saidAfter(Instant time) {
        return new Conversation(
                callId,
                assurance,
                turns.stream().filter(turn -> turn.saidAt().isAfter(time)).toList(),
                minimum,
                after);
    }
}
