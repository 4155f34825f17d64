package dev.recaller.memory.merge;

import static dev.recaller.sql.schema.Tables.CALLS;
import static dev.recaller.sql.schema.Tables.MEMORY_CHUNKS;
import static dev.recaller.sql.schema.Tables.MERGES;
import static dev.recaller.sql.schema.Tables.USER_MEMORY;

import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jooq.impl.DSL;

/** Makes one memory of two, in one transaction that holds both. */
final class Merging {

    static final String KIND = "merge";

    private final Pair pair;
    private final TimeOrderedIds ids;
    private final Instant at;

    Merging(Pair pair, TimeOrderedIds ids, Instant at) {
        this.pair = pair;
        this.ids = ids;
        this.at = at;
    }

    Merge.Merged merge() {
        List<UUID> chunks = moveChunks();
        List<UUID> calls = moveCalls();
        var entityMerging = new EntityMerging(pair, ids);
        EntityMerging.Done entities = entityMerging.merge();
        List<UUID> relationships = entityMerging.mergeRelationships(entities.places());
        PreferenceMerging.Done preferences = new PreferenceMerging(pair, ids).merge();
        List<UUID> redirected = redirect();
        Journal.Times before = times(pair.into());
        Journal.Times after = times(count());
        var journal = new Journal(
                chunks,
                calls,
                redirected,
                entities.copies(),
                entities.changes(),
                relationships,
                preferences.copies(),
                preferences.closed(),
                preferences.combined(),
                preferences.known(),
                pair.from().getConversationCount(),
                pair.from().getTotalTokens(),
                before,
                after);
        UUID id = ids.next();
        pair.tx()
                .insertInto(MERGES)
                .set(MERGES.ORGANIZATION_ID, pair.organizationId())
                .set(MERGES.ID, id)
                .set(MERGES.KIND, KIND)
                .set(MERGES.INTO_ID, pair.into().getId())
                .set(MERGES.FROM_ID, pair.from().getId())
                .set(MERGES.DETAIL, journal.json())
                .set(MERGES.CREATED_AT, at)
                .execute();
        List<Conflict> conflicts = new ArrayList<>(entities.conflicts());
        conflicts.addAll(preferences.conflicts());
        var moved = new Moved(
                chunks.size(),
                calls.size(),
                entities.places().size(),
                relationships.size(),
                preferences.copies().size());
        return new Merge.Merged(id, pair.intoId(), pair.fromId(), moved, setAside(chunks), conflicts);
    }

    private List<UUID> moveChunks() {
        return pair.tx()
                .update(MEMORY_CHUNKS)
                .set(MEMORY_CHUNKS.MEMORY_ID, pair.into().getId())
                .where(Pair.of(MEMORY_CHUNKS.ORGANIZATION_ID, MEMORY_CHUNKS.MEMORY_ID, pair.from()))
                .and(Pair.since(MEMORY_CHUNKS.SAID_AT, pair.from()))
                .returning(MEMORY_CHUNKS.ID)
                .fetch(MEMORY_CHUNKS.ID);
    }

    /** A call that ended before the number belonged to its present owner stays with what is set aside. */
    private List<UUID> moveCalls() {
        return pair.tx()
                .update(CALLS)
                .set(CALLS.MEMORY_ID, pair.into().getId())
                .where(Pair.of(CALLS.ORGANIZATION_ID, CALLS.MEMORY_ID, pair.from()))
                .and(Pair.since(DSL.coalesce(CALLS.ENDED_AT, DSL.val(at)), pair.from()))
                .returning(CALLS.ID)
                .fetch(CALLS.ID);
    }

    private List<UUID> redirect() {
        List<UUID> redirected = pair.tx()
                .update(USER_MEMORY)
                .set(USER_MEMORY.MERGED_INTO, pair.into().getId())
                .where(Pair.of(USER_MEMORY.ORGANIZATION_ID, USER_MEMORY.MERGED_INTO, pair.from()))
                .returning(USER_MEMORY.ID)
                .fetch(USER_MEMORY.ID);
        pair.tx()
                .update(USER_MEMORY)
                .set(USER_MEMORY.MERGED_INTO, pair.into().getId())
                .set(USER_MEMORY.REVISION, USER_MEMORY.REVISION.plus(1))
                .where(Pair.of(USER_MEMORY.ORGANIZATION_ID, USER_MEMORY.ID, pair.from()))
                .execute();
        return redirected;
    }

    private UserMemoryRecord count() {
        UserMemoryRecord from = pair.from();
        return pair.tx()
                .update(USER_MEMORY)
                .set(USER_MEMORY.CONVERSATION_COUNT, USER_MEMORY.CONVERSATION_COUNT.plus(from.getConversationCount()))
                .set(USER_MEMORY.TOTAL_TOKENS, USER_MEMORY.TOTAL_TOKENS.plus(from.getTotalTokens()))
                .set(
                        USER_MEMORY.LAST_INTERACTION_AT,
                        Mentions.later(pair.into().getLastInteractionAt(), from.getLastInteractionAt()))
                .set(USER_MEMORY.UPDATED_AT, at)
                .set(USER_MEMORY.REVISION, USER_MEMORY.REVISION.plus(1))
                .where(Pair.of(USER_MEMORY.ORGANIZATION_ID, USER_MEMORY.ID, pair.into()))
                .returning()
                .fetchSingle();
    }

    private static Journal.Times times(UserMemoryRecord row) {
        return new Journal.Times(row.getLastInteractionAt(), row.getUpdatedAt());
    }

    private int setAside(List<UUID> moved) {
        return pair.tx()
                .fetchCount(
                        MEMORY_CHUNKS,
                        MEMORY_CHUNKS
                                .ORGANIZATION_ID
                                .eq(pair.organizationId())
                                .and(MEMORY_CHUNKS
                                        .MEMORY_ID
                                        .eq(pair.from().getId())
                                        .or(MEMORY_CHUNKS
                                                .ID
                                                .eq(DSL.any(moved.toArray(UUID[]::new)))
                                                .andNot(Pair.since(MEMORY_CHUNKS.SAID_AT, pair.into())))));
    }
}
