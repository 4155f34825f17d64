package dev.recaller.memory;

import static dev.recaller.sql.schema.Tables.USER_MEMORY;
import static java.util.Objects.requireNonNull;

import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.SelectConditionStep;
import org.jspecify.annotations.Nullable;

/** Whose memory: finds, makes and adopts rows of {@code user_memory}. */
final class IdentityStore {

    /** A number silent for so long may belong to somebody else by now. */
    static final Duration SILENCE = Duration.ofDays(180);

    private static final String LOCK =
            "select pg_advisory_xact_lock(hashtextextended(recaller.organization() || chr(31) || ?::text, 0))";

    /**
     * Under the locks. Parameters: user, phone, now, oldest interaction of a number that may be adopted, new id, id of the
     * journal's row. Adoption is refused when several names are current (the number is shared) or the number was silent.
     */
    private static final String FIND_OR_MAKE = """
            with given(o, u, p, at, recent) as (
              values (recaller.organization(), ?::text, ?::text, ?::timestamptz, ?::timestamptz)),
            found as (
              select m.id, case
                  when m.user_id is not distinct from u and m.phone_number is not distinct from p then 0
                  when m.user_id = u then 1
                  when m.user_id is null and u is not null
                    and coalesce(m.last_interaction_at, m.created_at) > recent
                    and (select count(*) from recaller.entities e
                         where e.organization_id = o and e.memory_id = m.id and e.role = 'caller'
                           and e.last_mentioned_at >= coalesce(m.epoch_started_at, '-infinity')) <= 1 then 2
                  when u is null and count(*) filter (where m.phone_number = p) over () = 1 then 3
                end as rank
              from given join recaller.user_memory m
                on m.organization_id = o and (m.user_id = u or m.phone_number = p)),
            best as (select id, rank from found where rank is not null order by rank limit 1),
            adopted as (
              update recaller.user_memory m set user_id = u, updated_at = at from best, given
              where m.organization_id = o and m.id = best.id and best.rank = 2 returning m.id),
            made as (
              insert into recaller.user_memory (organization_id, id, user_id, phone_number, created_at, updated_at)
              select o, ?::uuid, u, p, at, at from given where not exists (select from best) returning id),
            journal as (
              insert into recaller.merges (organization_id, id, kind, into_id, detail, created_at)
              select o, ?::uuid, 'adoption', adopted.id, jsonb_build_object('user_id', u, 'phone_number', p), at
              from adopted, given)
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
                        ids.next())
                .get(0, UUID.class);
        return requireNonNull(get(tx, new MemoryId(identity.organizationId(), id)), "a row just made is gone");
    }

    /**
     * The rows a caller's memory is read from, the user's first: with user and phone given, the user's row and the row of
     * the number that belongs to no user.
     */
    List<UserMemoryRecord> find(DSLContext tx, MemoryIdentity identity) {
        String user = identity.userId();
        String phone = identity.phoneNumber();
        List<UserMemoryRecord> rows = tx.selectFrom(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(identity.organizationId()))
                .and(USER_MEMORY.USER_ID.eq(user).or(USER_MEMORY.PHONE_NUMBER.eq(phone)))
                .fetch();
        List<UserMemoryRecord> found = new ArrayList<>();
        rows.stream()
                .filter(row -> user != null && user.equals(row.getUserId()))
                .forEach(found::add);
        rows.stream().filter(row -> row.getUserId() == null).forEach(found::add);
        if (found.isEmpty() && user == null && rows.size() == 1) {
            found.add(rows.getFirst());
        }
        return found;
    }

    @Nullable
    UserMemoryRecord get(DSLContext tx, MemoryId memory) {
        return tx.selectFrom(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(memory.organizationId()), USER_MEMORY.ID.eq(memory.value()))
                .fetchOne();
    }

    /** Locks the row for the rest of the transaction; null when there is none. */
    @Nullable
    UserMemoryRecord lock(DSLContext tx, MemoryId memory) {
        return tx.selectFrom(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(memory.organizationId()), USER_MEMORY.ID.eq(memory.value()))
                .forUpdate()
                .fetchOne();
    }

    /** Locks the row of exactly this identity likewise; null when there is none. */
    @Nullable
    UserMemoryRecord lockExact(DSLContext tx, MemoryIdentity identity) {
        return selectExact(tx, identity).forUpdate().fetchOne();
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

    void startEpoch(DSLContext tx, MemoryId memory, Instant at) {
        tx.update(USER_MEMORY)
                .set(USER_MEMORY.EPOCH_STARTED_AT, at)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(memory.organizationId()), USER_MEMORY.ID.eq(memory.value()))
                .execute();
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

    private static SelectConditionStep<UserMemoryRecord> selectExact(DSLContext tx, MemoryIdentity identity) {
        String user = identity.userId();
        String phone = identity.phoneNumber();
        return tx.selectFrom(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(identity.organizationId()))
                .and(user == null ? USER_MEMORY.USER_ID.isNull() : USER_MEMORY.USER_ID.eq(user))
                .and(phone == null ? USER_MEMORY.PHONE_NUMBER.isNull() : USER_MEMORY.PHONE_NUMBER.eq(phone));
    }
}
