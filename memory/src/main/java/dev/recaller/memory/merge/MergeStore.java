package dev.recaller.memory.merge;

import static dev.recaller.sql.schema.Tables.MERGES;
import static dev.recaller.sql.schema.Tables.USER_MEMORY;

import dev.recaller.memory.MemoryException;
import dev.recaller.memory.MemoryId;
import dev.recaller.sql.Database;
import dev.recaller.sql.DatabaseException;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.sql.Transactions;
import dev.recaller.sql.schema.tables.records.MergesRecord;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Holds the memories that are to be merged or parted. */
final class MergeStore {

    private final Transactions transactions;
    private final InstantSource clock;
    private final TimeOrderedIds ids;

    MergeStore(Database database, InstantSource clock) {
        this.transactions = database.transactions();
        this.clock = clock;
        this.ids = new TimeOrderedIds(clock);
    }

    Merge merge(MemoryId into, MemoryId from) {
        return run(into.organizationId(), tx -> {
            Pair pair = lock(tx, into, from);
            Optional<Merge> refused = Refusals.of(pair);
            return refused.orElseGet(() -> new Merging(pair, ids, clock.instant()).merge());
        });
    }

    Undo undo(String organizationId, UUID mergeId) {
        return run(organizationId, tx -> {
            MergesRecord merge = find(tx, organizationId, mergeId);
            if (merge == null || merge.getFromId() == null) {
                return gone(mergeId);
            }
            var into = new MemoryId(organizationId, merge.getIntoId());
            var from = new MemoryId(organizationId, merge.getFromId());
            if (row(tx, from) == null) {
                return gone(mergeId);
            }
            Pair pair = lock(tx, into, from);
            MergesRecord locked = Objects.requireNonNull(find(tx, organizationId, mergeId), "a locked merge is gone");
            return locked.getUndoneAt() == null ? undo(pair, locked) : new Undo.Already(mergeId);
        });
    }

    private Undo undo(Pair pair, MergesRecord merge) {
        Optional<UUID> later = laterMerge(pair, merge);
        if (later.isPresent()) {
            return new Undo.Refused(
                    Refusal.MERGED_LATER, "merge " + later.get() + " came after this one: undo that one first");
        }
        UserMemoryRecord taker = identityTakenBy(pair);
        Instant at = clock.instant();
        if (taker != null && Objects.equals(taker.getId(), pair.into().getId())) {
            return new Undo.Refused(
                    Refusal.IDENTITY_TAKEN,
                    "the memory it was merged into belongs to the same number: they cannot be two");
        }
        var undoing = new Undoing(pair, merge, at);
        Undo.Undone undone = undoing.restore();
        UUID joined = null;
        if (taker != null) {
            UserMemoryRecord restored =
                    Objects.requireNonNull(row(pair.tx(), pair.fromId()), "a locked memory is gone");
            joined = new Merging(new Pair(pair.tx(), restored, taker), ids, at)
                    .merge()
                    .id();
        }
        undoing.release();
        return new Undo.Undone(undone.id(), undone.into(), undone.from(), undone.restored(), undone.missing(), joined);
    }

    /** The memory that the number was given while it was shared, where the merged memory was the number's own. */
    private static @Nullable UserMemoryRecord identityTakenBy(Pair pair) {
        if (pair.from().getUserId() != null) {
            return null;
        }
        return pair.tx()
                .selectFrom(USER_MEMORY)
                .where(
                        USER_MEMORY.ORGANIZATION_ID.eq(pair.organizationId()),
                        USER_MEMORY.PHONE_NUMBER.eq(pair.from().getPhoneNumber()),
                        USER_MEMORY.USER_ID.isNull(),
                        USER_MEMORY.MERGED_INTO.isNull())
                .forUpdate()
                .fetchOne();
    }

    private static Optional<UUID> laterMerge(Pair pair, MergesRecord merge) {
        UUID[] both = {pair.into().getId(), pair.from().getId()};
        return pair.tx()
                .select(MERGES.ID)
                .from(MERGES)
                .where(
                        MERGES.ORGANIZATION_ID.eq(pair.organizationId()),
                        MERGES.KIND.eq(Merging.KIND),
                        MERGES.UNDONE_AT.isNull(),
                        DSL.row(MERGES.CREATED_AT, MERGES.ID).gt(merge.getCreatedAt(), merge.getId()),
                        MERGES.INTO_ID.eq(DSL.any(both)).or(MERGES.FROM_ID.eq(DSL.any(both))))
                .orderBy(MERGES.CREATED_AT.desc(), MERGES.ID.desc())
                .limit(1)
                .fetchOptional(MERGES.ID);
    }

    /**
     * Both rows, held until the transaction ends: first the identities, numbers before users as everybody does who decides
     * about one, then the rows in the order of their ids.
     */
    private static Pair lock(DSLContext tx, MemoryId into, MemoryId from) {
        List<UserMemoryRecord> both = List.of(existing(tx, into), existing(tx, from));
        Stream<String> numbers = both.stream()
                .map(UserMemoryRecord::getPhoneNumber)
                .filter(Objects::nonNull)
                .map(number -> "p" + number)
                .sorted();
        Stream<String> users = both.stream()
                .map(UserMemoryRecord::getUserId)
                .filter(Objects::nonNull)
                .map(user -> "u" + user)
                .sorted();
        Stream.concat(numbers, users)
                .distinct()
                .forEach(identity -> tx.fetch("select recaller.lock_identity(?)", identity));
        Stream.of(into, from)
                .distinct()
                .map(MemoryId::value)
                .sorted()
                .forEach(id -> tx.selectOne()
                        .from(USER_MEMORY)
                        .where(USER_MEMORY.ORGANIZATION_ID.eq(into.organizationId()), USER_MEMORY.ID.eq(id))
                        .forUpdate()
                        .fetch());
        return new Pair(tx, existing(tx, into), existing(tx, from));
    }

    private static UserMemoryRecord existing(DSLContext tx, MemoryId memory) {
        UserMemoryRecord row = row(tx, memory);
        if (row == null) {
            throw MemoryException.notFound(memory);
        }
        return row;
    }

    private static @Nullable UserMemoryRecord row(DSLContext tx, MemoryId memory) {
        return tx.selectFrom(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(memory.organizationId()), USER_MEMORY.ID.eq(memory.value()))
                .fetchOne();
    }

    private static @Nullable MergesRecord find(DSLContext tx, String organizationId, UUID mergeId) {
        return tx.selectFrom(MERGES)
                .where(MERGES.ORGANIZATION_ID.eq(organizationId), MERGES.ID.eq(mergeId), MERGES.KIND.eq(Merging.KIND))
                .fetchOne();
    }

    private static Undo gone(UUID mergeId) {
        return new Undo.Refused(
                Refusal.NOT_FOUND, "there is no merge " + mergeId + " in this organization, or its memories are gone");
    }

    <T> T run(String organizationId, Transactions.Work<T> work) {
        try {
            return transactions.run(organizationId, work);
        } catch (DatabaseException e) {
            throw MemoryException.unavailable(e);
        }
    }
}
