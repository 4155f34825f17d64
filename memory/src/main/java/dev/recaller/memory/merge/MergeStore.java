package dev.recaller.memory.merge;

import static dev.recaller.sql.schema.Tables.ENTITIES;
import static dev.recaller.sql.schema.Tables.MERGES;
import static dev.recaller.sql.schema.Tables.MERGE_PROPOSALS;
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

/** Holds the memories that are to be merged or parted, and refuses what must not be. */
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
            Optional<Merge> refused = refused(pair);
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

    List<Proposal> proposals(String organizationId) {
        var into = USER_MEMORY.as("into_memory");
        var from = USER_MEMORY.as("from_memory");
        return run(
                organizationId,
                tx -> tx.select(
                                MERGE_PROPOSALS.ID,
                                into.ID,
                                from.ID,
                                into.USER_ID,
                                from.PHONE_NUMBER,
                                MERGE_PROPOSALS.CREATED_AT)
                        .from(MERGE_PROPOSALS)
                        .join(into)
                        .on(
                                into.ORGANIZATION_ID.eq(MERGE_PROPOSALS.ORGANIZATION_ID),
                                into.ID.eq(MERGE_PROPOSALS.INTO_ID))
                        .join(from)
                        .on(
                                from.ORGANIZATION_ID.eq(MERGE_PROPOSALS.ORGANIZATION_ID),
                                from.ID.eq(MERGE_PROPOSALS.FROM_ID))
                        .where(
                                MERGE_PROPOSALS.DISMISSED_AT.isNull(),
                                into.MERGED_INTO.isNull(),
                                from.MERGED_INTO.isNull())
                        .orderBy(MERGE_PROPOSALS.CREATED_AT, MERGE_PROPOSALS.ID)
                        .fetch(row -> new Proposal(
                                row.value1(),
                                new MemoryId(organizationId, row.value2()),
                                new MemoryId(organizationId, row.value3()),
                                row.value4(),
                                row.value5(),
                                row.value6())));
    }

    boolean dismiss(String organizationId, UUID proposalId) {
        return this.<Integer>run(
                        organizationId,
                        tx -> tx.update(MERGE_PROPOSALS)
                                .set(MERGE_PROPOSALS.DISMISSED_AT, clock.instant())
                                .where(
                                        MERGE_PROPOSALS.ORGANIZATION_ID.eq(organizationId),
                                        MERGE_PROPOSALS.ID.eq(proposalId),
                                        MERGE_PROPOSALS.DISMISSED_AT.isNull())
                                .execute())
                == 1;
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

    private static Optional<Merge> refused(Pair pair) {
        if (pair.into().getId().equals(pair.from().getId())) {
            return Optional.of(new Merge.Refused(Refusal.SAME_MEMORY, "both name the same memory"));
        }
        UUID merged = pair.from().getMergedInto();
        if (pair.into().getId().equals(merged)) {
            return Optional.of(new Merge.Already(mergeOf(pair)));
        }
        UserMemoryRecord elsewhere =
                merged != null ? pair.from() : pair.into().getMergedInto() != null ? pair.into() : null;
        if (elsewhere != null) {
            return Optional.of(new Merge.Refused(
                    Refusal.MERGED_ELSEWHERE,
                    "memory " + elsewhere.getId() + " is part of memory " + elsewhere.getMergedInto()
                            + ": name that one instead"));
        }
        return shared(pair);
    }

    private static Optional<Merge> shared(Pair pair) {
        for (UserMemoryRecord memory : List.of(pair.into(), pair.from())) {
            List<String> names = pair.tx()
                    .select(ENTITIES.NAME)
                    .from(ENTITIES)
                    .where(Pair.of(ENTITIES.ORGANIZATION_ID, ENTITIES.MEMORY_ID, memory))
                    .and(Pair.since(ENTITIES.LAST_MENTIONED_AT, memory))
                    .and(ENTITIES.ROLE.eq(Mentions.CALLER))
                    .orderBy(ENTITIES.FIRST_MENTIONED_AT)
                    .fetch(ENTITIES.NAME);
            if (names.size() > 1) {
                return Optional.of(new Merge.Refused(
                        Refusal.SHARED,
                        "memory " + memory.getId() + " is of several people (" + String.join(", ", names)
                                + "), not of one person"));
            }
        }
        return Stream.of(pair.into(), pair.from())
                .filter(memory -> memory.getPhoneNumber() != null && memory.getUserId() == null)
                .filter(memory -> hasOtherUsers(pair, memory))
                .findFirst()
                .map(memory -> new Merge.Refused(
                        Refusal.SHARED,
                        "memory " + memory.getId()
                                + " belongs to a number that other users have too, not to one person"));
    }

    private static boolean hasOtherUsers(Pair pair, UserMemoryRecord number) {
        return pair.tx()
                .fetchExists(
                        USER_MEMORY,
                        USER_MEMORY
                                .ORGANIZATION_ID
                                .eq(pair.organizationId())
                                .and(USER_MEMORY.PHONE_NUMBER.eq(number.getPhoneNumber()))
                                .and(USER_MEMORY.USER_ID.isNotNull())
                                .and(USER_MEMORY.ID.notIn(
                                        pair.into().getId(), pair.from().getId())));
    }

    private static UUID mergeOf(Pair pair) {
        return pair.tx()
                .select(MERGES.ID)
                .from(MERGES)
                .where(
                        MERGES.ORGANIZATION_ID.eq(pair.organizationId()),
                        MERGES.KIND.eq(Merging.KIND),
                        MERGES.UNDONE_AT.isNull(),
                        MERGES.FROM_ID.eq(pair.from().getId()))
                .fetchSingle()
                .value1();
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

    private <T> T run(String organizationId, Transactions.Work<T> work) {
        try {
            return transactions.run(organizationId, work);
        } catch (DatabaseException e) {
            throw MemoryException.unavailable(e);
        }
    }
}
