package dev.recaller.memory.privacy;

import static dev.recaller.sql.schema.Tables.BLOCKED_CALLERS;
import static dev.recaller.sql.schema.Tables.CALLS;
import static dev.recaller.sql.schema.Tables.CALL_STATE;
import static dev.recaller.sql.schema.Tables.CHUNK_VECTORS;
import static dev.recaller.sql.schema.Tables.CONSENTS;
import static dev.recaller.sql.schema.Tables.ENTITIES;
import static dev.recaller.sql.schema.Tables.ENTITY_RELATIONSHIPS;
import static dev.recaller.sql.schema.Tables.ERASURES;
import static dev.recaller.sql.schema.Tables.MEMORY_CHUNKS;
import static dev.recaller.sql.schema.Tables.MERGES;
import static dev.recaller.sql.schema.Tables.MERGE_PROPOSALS;
import static dev.recaller.sql.schema.Tables.PARKED_JOBS;
import static dev.recaller.sql.schema.Tables.PREFERENCES;
import static dev.recaller.sql.schema.Tables.RECORDINGS;
import static dev.recaller.sql.schema.Tables.SCHEDULED_TASKS;
import static dev.recaller.sql.schema.Tables.USER_MEMORY;

import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Finds, counts and deletes every row of one caller. */
final class ErasureStore {

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Consents go with their memory, as the worker may not delete them. A recording whose call goes is left to those who can
     * delete its files.
     */
    private static final Set<Table<?>> GO_WITH_OTHERS = Set.of(CONSENTS, RECORDINGS);

    private final AuditStore audit;
    private final TimeOrderedIds ids;
    private final IdentityHash hash;

    ErasureStore(InstantSource clock, IdentityHash hash) {
        this.audit = new AuditStore(clock);
        this.ids = new TimeOrderedIds(clock);
        this.hash = hash;
    }

    /**
     * All that is the caller's.
     *
     * @param numbers those that belong to nobody else
     * @param calls those stored in the memories or made from the numbers
     */
    record Caller(
            String organizationId, List<UUID> memories, Set<String> users, Set<String> numbers, List<UUID> calls) {
        Caller {
            memories = List.copyOf(memories);
            calls = List.copyOf(calls);
        }

        UUID[] memoryIds() {
            return memories.toArray(UUID[]::new);
        }

        UUID[] callIds() {
            return calls.toArray(UUID[]::new);
        }
    }

    /** What decides whom a row belongs to. */
    record Row(UUID id, @Nullable String userId, @Nullable UUID mergedInto) {}

    /** The number first, then the user, as everybody locks them. */
    void lock(DSLContext tx, MemoryIdentity identity) {
        if (identity.phoneNumber() != null) {
            tx.fetch("select recaller.lock_identity(?)", "p" + identity.phoneNumber());
        }
        if (identity.userId() != null) {
            tx.fetch("select recaller.lock_identity(?)", "u" + identity.userId());
        }
    }

    /** All rows with this user or this number. */
    List<Row> rows(DSLContext tx, MemoryIdentity identity) {
        return tx.select(USER_MEMORY.ID, USER_MEMORY.USER_ID, USER_MEMORY.MERGED_INTO)
                .from(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(identity.organizationId()))
                .and(USER_MEMORY.PHONE_NUMBER.eq(identity.phoneNumber()).or(USER_MEMORY.USER_ID.eq(identity.userId())))
                .orderBy(USER_MEMORY.ID)
                .fetch(row -> new Row(row.value1(), row.value2(), row.value3()));
    }

    /** Locks these memories and those merged with them. */
    Caller caller(DSLContext tx, String organizationId, List<UUID> found, @Nullable MemoryIdentity identity) {
        UUID[] given = found.toArray(UUID[]::new);
        List<UUID> roots = tx.select(DSL.coalesce(USER_MEMORY.MERGED_INTO, USER_MEMORY.ID))
                .from(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(organizationId), USER_MEMORY.ID.eq(DSL.any(given)))
                .fetch(row -> row.value1());
        UUID[] live = roots.toArray(UUID[]::new);
        List<UserMemoryRecord> rows = tx.selectFrom(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(organizationId))
                .and(USER_MEMORY.ID.eq(DSL.any(live)).or(USER_MEMORY.MERGED_INTO.eq(DSL.any(live))))
                .orderBy(USER_MEMORY.ID)
                .forUpdate()
                .fetch();
        UUID[] memories = rows.stream().map(UserMemoryRecord::getId).toArray(UUID[]::new);
        Set<String> users = new TreeSet<>();
        Set<String> numbers = new TreeSet<>();
        rows.forEach(row -> add(row.getUserId(), row.getPhoneNumber(), users, numbers));
        if (identity != null) {
            add(identity.userId(), identity.phoneNumber(), users, numbers);
        }
        if (!users.isEmpty()) {
            numbers.removeAll(ofOthers(tx, organizationId, memories, numbers));
        }
        return new Caller(
                organizationId, List.of(memories), users, numbers, calls(tx, organizationId, memories, numbers));
    }

    Map<String, Long> count(DSLContext tx, Caller caller) {
        Map<String, Long> counts = new TreeMap<>();
        rowsOf(caller).forEach((table, condition) -> put(counts, table.getName(), tx.fetchCount(table, condition)));
        return counts;
    }

    Map<String, Long> delete(DSLContext tx, Caller caller) {
        Map<String, Long> counts = new TreeMap<>();
        rowsOf(caller).forEach((table, condition) -> {
            if (GO_WITH_OTHERS.contains(table)) {
                put(counts, table.getName(), tx.fetchCount(table, condition));
            }
        });
        rowsOf(caller).forEach((table, condition) -> {
            if (!GO_WITH_OTHERS.contains(table)) {
                put(
                        counts,
                        table.getName(),
                        tx.deleteFrom(table).where(condition).execute());
            }
        });
        Long forgotten = tx.fetchSingle(
                        "select recaller.forget_audit(?::uuid[], ?::uuid[])", caller.memoryIds(), caller.callIds())
                .get(0, Long.class);
        put(counts, "audit", forgotten == null ? 0 : forgotten);
        forgetWhyBlocked(tx, caller);
        return counts;
    }

    /** Who is not answered stays so, as nobody may lift that by being erased: what is left is a keyed hash. */
    private void forgetWhyBlocked(DSLContext tx, Caller caller) {
        tx.update(BLOCKED_CALLERS)
                .setNull(BLOCKED_CALLERS.NOTE)
                .where(BLOCKED_CALLERS.ORGANIZATION_ID.eq(caller.organizationId()))
                .and(BLOCKED_CALLERS.NUMBER_HASH.in(
                        caller.numbers().stream().map(hash::ofNumber).toList()))
                .execute();
    }

    Receipt receipt(DSLContext tx, Caller caller, Instant now, Map<String, Long> counts, String actor) {
        List<byte[]> tombstones = new ArrayList<>();
        caller.users().forEach(user -> tombstones.add(hash.tombstoneOfUser(caller.organizationId(), user)));
        caller.numbers().forEach(number -> tombstones.add(hash.tombstoneOfNumber(caller.organizationId(), number)));
        Receipt receipt = new Receipt(ids.next(), caller.organizationId(), now, counts);
        for (int i = 0; i < tombstones.size(); i++) {
            tx.insertInto(ERASURES)
                    .set(ERASURES.ORGANIZATION_ID, receipt.organizationId())
                    .set(ERASURES.ID, i == 0 ? receipt.id() : ids.next())
                    .set(ERASURES.RECEIPT_ID, i == 0 ? null : receipt.id())
                    .set(ERASURES.TOMBSTONE, tombstones.get(i))
                    .set(ERASURES.ERASED_AT, now)
                    .set(ERASURES.COUNTS, JSONB.valueOf(i == 0 ? JSON.writeValueAsString(counts) : "{}"))
                    .set(ERASURES.CREATED_AT, now)
                    .execute();
        }
        String detail = JSON.writeValueAsString(Map.of("receipt", receipt.id().toString()));
        audit.add(tx, receipt.organizationId(), actor, Audit.Action.ERASE, null, detail);
        return receipt;
    }

    /** In the order they are deleted in: what refers first. */
    private static Map<Table<?>, Condition> rowsOf(Caller caller) {
        Map<Table<?>, Condition> rows = new LinkedHashMap<>();
        rows.put(SCHEDULED_TASKS, ofCalls(SCHEDULED_TASKS.TASK_INSTANCE, caller));
        rows.put(PARKED_JOBS, ofCalls(PARKED_JOBS.TASK_INSTANCE, caller));
        rows.put(
                CHUNK_VECTORS,
                CHUNK_VECTORS
                        .ORGANIZATION_ID
                        .eq(caller.organizationId())
                        .and(CHUNK_VECTORS.CHUNK_ID.in(DSL.select(MEMORY_CHUNKS.ID)
                                .from(MEMORY_CHUNKS)
                                .where(ofMemory(caller, MEMORY_CHUNKS.ORGANIZATION_ID, MEMORY_CHUNKS.MEMORY_ID)))));
        rows.put(
                ENTITY_RELATIONSHIPS,
                ofMemory(caller, ENTITY_RELATIONSHIPS.ORGANIZATION_ID, ENTITY_RELATIONSHIPS.MEMORY_ID));
        rows.put(ENTITIES, ofMemory(caller, ENTITIES.ORGANIZATION_ID, ENTITIES.MEMORY_ID));
        rows.put(PREFERENCES, ofMemory(caller, PREFERENCES.ORGANIZATION_ID, PREFERENCES.MEMORY_ID));
        rows.put(MEMORY_CHUNKS, ofMemory(caller, MEMORY_CHUNKS.ORGANIZATION_ID, MEMORY_CHUNKS.MEMORY_ID));
        rows.put(CALL_STATE, ofCalls(caller, CALL_STATE.ORGANIZATION_ID, CALL_STATE.CALL_ID));
        rows.put(RECORDINGS, ofCalls(caller, RECORDINGS.ORGANIZATION_ID, RECORDINGS.CALL_ID));
        rows.put(CALLS, ofCalls(caller, CALLS.ORGANIZATION_ID, CALLS.ID));
        rows.put(CONSENTS, ofMemory(caller, CONSENTS.ORGANIZATION_ID, CONSENTS.MEMORY_ID));
        rows.put(
                MERGE_PROPOSALS,
                ofMemory(caller, MERGE_PROPOSALS.ORGANIZATION_ID, MERGE_PROPOSALS.INTO_ID)
                        .or(ofMemory(caller, MERGE_PROPOSALS.ORGANIZATION_ID, MERGE_PROPOSALS.FROM_ID)));
        rows.put(
                MERGES,
                ofMemory(caller, MERGES.ORGANIZATION_ID, MERGES.INTO_ID)
                        .or(ofMemory(caller, MERGES.ORGANIZATION_ID, MERGES.FROM_ID)));
        rows.put(USER_MEMORY, ofMemory(caller, USER_MEMORY.ORGANIZATION_ID, USER_MEMORY.ID));
        return rows;
    }

    private static List<String> ofOthers(DSLContext tx, String organizationId, UUID[] memories, Set<String> numbers) {
        return tx.selectDistinct(USER_MEMORY.PHONE_NUMBER)
                .from(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(organizationId), USER_MEMORY.PHONE_NUMBER.in(numbers))
                .and(USER_MEMORY.ID.ne(DSL.all(memories)))
                .fetch(USER_MEMORY.PHONE_NUMBER);
    }

    private List<UUID> calls(DSLContext tx, String organizationId, UUID[] memories, Set<String> numbers) {
        List<String> hashes = numbers.stream().map(hash::ofNumber).toList();
        return tx.select(CALLS.ID)
                .from(CALLS)
                .where(CALLS.ORGANIZATION_ID.eq(organizationId))
                .and(CALLS.MEMORY_ID
                        .eq(DSL.any(memories))
                        .or(CALLS.NUMBER_HASH.in(hashes).and(CALLS.MEMORY_ID.isNull())))
                .union(DSL.select(MEMORY_CHUNKS.CALL_ID)
                        .from(MEMORY_CHUNKS)
                        .where(MEMORY_CHUNKS.ORGANIZATION_ID.eq(organizationId))
                        .and(MEMORY_CHUNKS.MEMORY_ID.eq(DSL.any(memories)))
                        .and(MEMORY_CHUNKS.CALL_ID.isNotNull()))
                .fetch(row -> row.value1());
    }

    private static void add(@Nullable String user, @Nullable String number, Set<String> users, Set<String> numbers) {
        if (user != null) {
            users.add(user);
        }
        if (number != null) {
            numbers.add(number);
        }
    }

    private static void put(Map<String, Long> counts, String table, long rows) {
        if (rows > 0) {
            counts.put(table, rows);
        }
    }

    private static Condition ofMemory(Caller caller, Field<String> organization, Field<UUID> memory) {
        return organization.eq(caller.organizationId()).and(memory.eq(DSL.any(caller.memoryIds())));
    }

    private static Condition ofCalls(Caller caller, Field<String> organization, Field<UUID> call) {
        return organization.eq(caller.organizationId()).and(call.eq(DSL.any(caller.callIds())));
    }

    /** An instance is named by the call and the extractor's version. */
    private static Condition ofCalls(Field<String> instance, Caller caller) {
        String[] calls = caller.calls().stream().map(UUID::toString).toArray(String[]::new);
        return DSL.splitPart(instance, "/", 1).eq(DSL.any(calls));
    }
}
