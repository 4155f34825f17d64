package dev.recaller.memory.merge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What undoing a merge needs, {@code merges.detail}: ids, counts, times and roles, nothing anybody said. The mutable rows
 * of the merged memory stay where they are, as its past, and are copied; what cannot change is moved.
 *
 * @param chunks, calls moved
 * @param redirected memories merged into the merged one before
 * @param entities copied
 * @param changed entities of the target that took in one of the merged memory, or lost their role
 * @param relationships copies
 * @param closed preferences of the target that were current
 * @param combined preferences made of the values of both
 * @param known preferences of the target before
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Journal(
        List<UUID> chunks,
        List<UUID> calls,
        List<UUID> redirected,
        List<Copy> entities,
        List<Change> changed,
        List<UUID> relationships,
        List<Origin> preferences,
        List<UUID> closed,
        List<UUID> combined,
        List<UUID> known,
        long conversations,
        long tokens,
        Times before,
        Times after) {

    /** A row made of another one. */
    record Origin(UUID id, UUID of) {}

    /** An entity made of another one, as it was made. */
    record Copy(UUID id, UUID of, Mentions made) {}

    record Change(UUID id, List<UUID> of, Mentions before, Mentions after) {}

    /** Of the target's row. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Times(@Nullable Instant lastInteractionAt, Instant updatedAt) {}

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The merged memory's entities that the target took over. */
    List<UUID> origins() {
        return Stream.concat(entities.stream().map(Copy::of), changed.stream().flatMap(change -> change.of().stream()))
                .toList();
    }

    static Journal of(JSONB detail) {
        return JSON.readValue(detail.data(), Journal.class);
    }

    JSONB json() {
        return JSONB.valueOf(JSON.writeValueAsString(this));
    }
}
