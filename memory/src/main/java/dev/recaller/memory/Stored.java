package dev.recaller.memory;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What storing changed.
 *
 * @param memoryId whose memory; null when nothing may be stored
 * @param turns newly stored turns; those stored before do not count
 * @param facts what the rules found in them, in words
 */
public record Stored(@Nullable MemoryId memoryId, int turns, List<String> facts) {

    /** Memory is off, or nobody knows whose it would be. */
    public static final Stored NOTHING = new Stored(null, 0, List.of());

    public Stored {
        facts = List.copyOf(facts);
    }

    public Optional<MemoryId> memory() {
        return Optional.ofNullable(memoryId);
    }
}
