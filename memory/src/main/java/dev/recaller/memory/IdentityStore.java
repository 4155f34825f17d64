package dev.recaller.memory;

import static dev.recaller.sql.schema.Tables.USER_MEMORY;
import static java.util.Objects.requireNonNull;

import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Whose memory: finds, makes and adopts rows of {@code user_memory}. */
final class IdentityStore {

    /** A number silent for so long may belong to somebody else by now. */
    static final Duration SILENCE = Duration.ofDays(180);

    private static final String LOCK = "select recaller.lock_identity(?)";

    /**
     * Under the locks. Parameters: user, phone, now, oldest interaction of a number that still belongs to who had it, and
     * three new ids: of the row, of the journal's and of the proposal's. What was merged counts as what it was merged
     * into. Adoption is refused, and so is a proposal, when the number is shared (several names are current, another
     * user has it) or was silent.
     */
    private static final String FIND_OR_MAKE = """
            with given(o, u, p, at, recent) as (
              values (recaller.organization(), ?::text, ?::text, ?::timestamptz, ?::timestamptz)),
            held as (
              select m.user_id, m.phone_number, m.merged_into is null as live, coalesce(m.merged_into, m.id) as id
              from given join recaller.user_memory m
                on m.organization_id = o and (m.user_id = u or m.phone_number = p)),
            found as (
              select held.id, held.live, case
                  when held.user_id is not distinct from u and held.phone_number is not distinct from p
                    and (held.live or u is not null) then 0
                  when held.user_id = u then 1
                  when u is not null and held.user_id is null and m.user_id is null then 2
                  when u is null and count(*) over () = count(*) filter (where held.id = first.id) over () then 3
                end as rank
              from given, held join recaller.user_memory m on m.organization_id = recaller.organization()
                and m.id = held.id, (select id from held limit 1) first),
            the_numbers as (
              select m.id from given, found join recaller.user_memory m on m.organization_id = recaller.organization()
                and m.id = found.id
              where found.rank = 2 and coalesce(m.last_interaction_at, m.created_at) > recent
                and (select count(*) from recaller.entities e
                     where e.organization_id = o and e.memory_id = m.id and e.role = 'caller'
                       and e.last_mentioned_at >= coalesce(m.epoch_started_at, '-infinity')) <= 1
                and not exists (
                  select from recaller.user_memory other
                  where other.organization_id = o and other.user_id <> u and other.phone_number in (p, m.phone_number))),
            best as (
              select id, rank from found
              where rank is not null and (rank <> 2 or id in (select id from the_numbers))
              order by rank, live desc, id limit 1),
            adopted as (
              update recaller.user_memory m set user_id = u, updated_at = at from best, given
              where m.organization_id = o and m.id = best.id and best.rank = 2 and m.merged_into is null
              returning m.id),
            made as (
              insert into recaller.user_memory (organization_id, id, user_id, phone_number, created_at, updated_at)
              select o, ?::uuid, u, p, at, at from given where not exists (select from best) returning id),
            journal as (
              insert into recaller.merges (organization_id, id, kind, into_id, detail, created_at)
              select o, ?::uuid, 'adoption', adopted.id, jsonb_build_object('user_id', u, 'phone_number', p), at
              from adopted, given),
            proposed as (
              insert into recaller.merge_proposals (organization_id, id, into_id, from_id, created_at)
              select o, ?::uuid, best.id, the_numbers.id, at from best, the_numbers, given
              where best.rank < 2 and best.id <> the_numbers.id
              on conflict (organization_id, into_id, from_id) do nothing)
            select id from made union all select id from best""";

    private final TimeOrderedIds ids;

    IdentityStore(TimeOrderedIds ids) {
        this.ids = ids;
    }

    UserMemoryRecord getOrCreate(DSLContext tx, MemoryIdentity identity, Instant now) {
        UserMemoryRecord exact = selectExact(tx, identity).fetchOne();
        if (exact != null) {
            return exact;
        }
        // Each lock in a statement of its own, the phone's first: what follows sees what the last holder committed.
        if (identity.phoneNumber() != null) {
            tx.fetch(LOCK, "p" + identity.phoneNumber());
        }
        if (identity.userId() != null) {
            tx.fetch(LOCK, "u" + identity.userId());
        }
        UUID id = tx.fetchSingle(
                        FIND_OR_MAKE,
                        identity.userId(),
                        identity.phoneNumber(),
                        now.toString(),
                        now.minus(SILENCE).toString(),
                        ids.next(),
                        ids.next(),
                        ids.next())
                .get(0, UUID.class);
        return requireNonNull(get(tx, new MemoryId(identity.organizationId(), id)), "a row just made is gone");
    }

    /**
     * The rows a caller's memory is read from, the user's first: with user and phone given, the user's row and the row of
     * the number that belongs to no user. A number alone reads its own row, else the one memory that has it.
     */
    List<UserMemoryRecord> find(DSLContext tx, MemoryIdentity identity) {
        String user = identity.userId();
        String phone = identity.phoneNumber();
        List<UserMemoryRecord> held = tx.selectFrom(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(identity.organizationId()))
                .and(USER_MEMORY.USER_ID.eq(user).or(USER_MEMORY.PHONE_NUMBER.eq(phone)))
                .fetch();
        Map<UUID, UserMemoryRecord> found = new LinkedHashMap<>();
        held.stream()
                .filter(row -> user != null && user.equals(row.getUserId()))
                .forEach(row -> put(found, live(tx, row)));
        held.stream()
                .filter(row -> row.getUserId() == null && row.getMergedInto() == null)
                .forEach(row -> put(found, row));
        if (user != null) {
            held.stream()
                    .filter(row -> row.getUserId() == null && row.getMergedInto() != null)
                    .map(row -> live(tx, row))
                    .filter(row -> row != null && row.getUserId() == null)
                    .forEach(row -> put(found, row));
        } else if (found.isEmpty()) {
            held.forEach(row -> put(found, live(tx, row)));
            return found.size() == 1 ? List.copyOf(found.values()) : List.of();
        }
        return List.copyOf(found.values());
    }

    private static void put(Map<UUID, UserMemoryRecord> found, @Nullable UserMemoryRecord row) {
        if (row != null) {
            found.putIfAbsent(row.getId(), row);
        }
    }

    /** The row of a memory, or of what it was merged into. */
    @Nullable
    UserMemoryRecord get(DSLContext tx, MemoryId memory) {
        UserMemoryRecord row = tx.selectFrom(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(memory.organizationId()), USER_MEMORY.ID.eq(memory.value()))
                .fetchOne();
        return row == null ? null : live(tx, row);
    }

    private @Nullable UserMemoryRecord live(DSLContext tx, UserMemoryRecord row) {
        UUID into = row.getMergedInto();
        return into == null ? row : get(tx, new MemoryId(row.getOrganizationId(), into));
    }

    /**
     * Locks the row, or that of what it was merged into, for the rest of the transaction; null when there is none. A row that
     * was merged while this waited for it is let go again, with the savepoint: to wait for the next one with it in hand would
     * be a deadlock with whoever undoes the merge.
     */
    @Nullable
    UserMemoryRecord lock(DSLContext tx, MemoryId memory) {
        UserMemoryRecord row = get(tx, memory);
        while (row != null) {
            tx.execute("savepoint row");
            UserMemoryRecord locked = tx.selectFrom(USER_MEMORY)
                    .where(USER_MEMORY.ORGANIZATION_ID.eq(row.getOrganizationId()), USER_MEMORY.ID.eq(row.getId()))
                    .forUpdate()
                    .fetchOne();
            if (locked == null || locked.getMergedInto() == null) {
                return locked;
            }
            tx.execute("rollback to savepoint row");
            row = live(tx, locked);
        }
        return null;
    }

    /**
     * Locks the row of exactly this identity likewise; null when there is none, or another transaction holds it: waiting here
     * would leave a row locked that was merged meanwhile, before the locks that come first.
     */
    @Nullable
    UserMemoryRecord lockExact(DSLContext tx, MemoryIdentity identity) {
        return selectExact(tx, identity).forUpdate().skipLocked().fetchOne();
    }

    void count(
            DSLContext tx, MemoryId memory, long conversations, long tokens, @Nullable Instant spokenAt, Instant now) {
        tx.execute(
                """
                update recaller.user_memory set
                  conversation_count = conversation_count + ?, total_tokens = total_tokens + ?,
                  last_interaction_at = greatest(last_interaction_at, ?::timestamptz), updated_at = ?::timestamptz
                where organization_id = ? and id = ?""",
                conversations,
                tokens,
                spokenAt == null ? null : spokenAt.toString(),
                now.toString(),
                memory.organizationId(),
                memory.value());
    }

    /** Calls that go on have to load this memory anew: more changed than what is being said now. */
    void revise(DSLContext tx, MemoryId memory) {
        tx.update(USER_MEMORY)
                .set(USER_MEMORY.REVISION, USER_MEMORY.REVISION.plus(1))
                .where(USER_MEMORY.ORGANIZATION_ID.eq(memory.organizationId()), USER_MEMORY.ID.eq(memory.value()))
                .execute();
    }

    /** When the last of these tombstones was set; null when none was. */
    @Nullable
    Instant erasedAt(DSLContext tx, List<byte[]> tombstones) {
        return tx.fetchSingle("select recaller.erased_at(?::bytea[])", (Object) tombstones.toArray(byte[][]::new))
                .get(0, Instant.class);
    }

    /** Deletes a memory nothing was ever stored in. */
    void deleteUnused(DSLContext tx, MemoryId memory) {
        tx.deleteFrom(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(memory.organizationId()), USER_MEMORY.ID.eq(memory.value()))
                .and(USER_MEMORY.CONVERSATION_COUNT.eq(0L).and(USER_MEMORY.TOTAL_TOKENS.eq(0L)))
                .execute();
    }

    void startEpoch(DSLContext tx, MemoryId memory, Instant at) {
        tx.update(USER_MEMORY)
                .set(USER_MEMORY.EPOCH_STARTED_AT, at)
                .set(USER_MEMORY.REVISION, USER_MEMORY.REVISION.plus(1))
                .where(USER_MEMORY.ORGANIZATION_ID.eq(memory.organizationId()), USER_MEMORY.ID.eq(memory.value()))
                .execute();
    }

    /** Those that were not merged into another one, the last interaction first. */
    List<UserMemoryRecord> page(DSLContext tx, String organizationId, @Nullable MemoryId after, int limit) {
        Field<Instant> last = DSL.coalesce(USER_MEMORY.LAST_INTERACTION_AT, USER_MEMORY.CREATED_AT);
        UserMemoryRecord previous = after == null ? null : get(tx, after);
        Condition older = previous == null
                ? DSL.noCondition()
                : DSL.row(last, USER_MEMORY.ID)
                        .lt(
                                previous.getLastInteractionAt() == null
                                        ? previous.getCreatedAt()
                                        : previous.getLastInteractionAt(),
                                previous.getId());
        return tx.selectFrom(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(organizationId), USER_MEMORY.MERGED_INTO.isNull(), older)
                .orderBy(last.desc(), USER_MEMORY.ID.desc())
                .limit(limit)
                .fetch();
    }

    static MemoryId id(UserMemoryRecord row) {
        return new MemoryId(row.getOrganizationId(), row.getId());
    }

    static Memory memory(UserMemoryRecord row) {
        return new Memory(
                id(row),
                row.getUserId(),
                row.getPhoneNumber(),
                row.getConversationCount(),
                row.getTotalTokens(),
                row.getCreatedAt(),
                row.getLastInteractionAt());
    }

    /** A number's row that was merged is not the number's any more: whose it is then takes a closer look. */
    private static SelectConditionStep<UserMemoryRecord> selectExact(DSLContext tx, MemoryIdentity identity) {
        String user = identity.userId();
        String phone = identity.phoneNumber();
        return tx.selectFrom(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(identity.organizationId()))
                .and(user == null ? USER_MEMORY.USER_ID.isNull() : USER_MEMORY.USER_ID.eq(user))
                .and(phone == null ? USER_MEMORY.PHONE_NUMBER.isNull() : USER_MEMORY.PHONE_NUMBER.eq(phone))
                .and(USER_MEMORY.MERGED_INTO.isNull());
    }
}
