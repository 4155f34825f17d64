package dev.recaller.memory.merge;

import static java.util.Objects.requireNonNull;

import dev.recaller.memory.MemoryId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of a wish to merge. */
public sealed interface Merge {

    /**
     * One memory now; whoever calls as one of the two finds it.
     *
     * @param id to undo it by
     * @param setAside turns and facts that are not recalled, since they are older than the time in which the number belongs
     *     to its present owner
     */
    record Merged(UUID id, MemoryId into, MemoryId from, Moved moved, int setAside, List<Conflict> conflicts)
            implements Merge {
        public Merged {
            requireNonNull(id, "id is null");
            conflicts = List.copyOf(conflicts);
        }
    }

    /**
     * These two are one memory already; nothing was changed.
     *
     * @param id of the merge; null when its journal is gone, so that it cannot be undone any more
     */
    record Already(@Nullable UUID id) implements Merge {}

    record Refused(Refusal reason, String message) implements Merge {}
}
