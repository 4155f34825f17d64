package dev.recaller.memory.recall;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row of memory as a search sees it.
 *
 * @param turn whether it was said in a call; else it is a fact, preference or event
 * @param speaker who said it, by name where it is known, else the role; absent where nobody did
 * @param session the call; turns of one are neighbours
 * @param sources the turns a fact came from
 */
public record Passage(
        UUID id,
        boolean turn,
        String text,
        @Nullable String speaker,
        @Nullable UUID session,
        Instant saidAt,
        List<UUID> sources) {
    public Passage {
        requireNonNull(id, "id is null");
        requireNonNull(text, "text is null");
        requireNonNull(saidAt, "saidAt is null");
        sources = List.copyOf(sources);
    }
}
