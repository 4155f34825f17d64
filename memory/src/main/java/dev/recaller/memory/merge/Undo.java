package dev.recaller.memory.merge;

import dev.recaller.memory.MemoryId;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of a wish to undo a merge. */
public sealed interface Undo {

    /**
     * Two memories again, as they were; what came after the merge stays with {@code into}.
     *
     * @param restored rows {@code from} has back
     * @param missing rows that were deleted since, by retention or otherwise
     * @param joinedMergeId the merge that took what the number remembered meanwhile into its memory that came back; null
     *     when it had no other
     */
    record Undone(
            UUID id,
            MemoryId into,
            MemoryId from,
            Moved restored,
            int missing,
            @Nullable UUID joinedMergeId) implements Undo {
        public Optional<UUID> joined() {
            return Optional.ofNullable(joinedMergeId);
        }
    }

    /** It was undone before; nothing was changed. */
    record Already(UUID id) implements Undo {}

    record Refused(Refusal reason, String message) implements Undo {}
}
