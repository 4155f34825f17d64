package dev.recaller.worker.store;

import static dev.recaller.sql.schema.Tables.CALLS;
import static dev.recaller.sql.schema.Tables.MEMORY_CHUNKS;

import dev.recaller.sql.Database;
import dev.recaller.sql.DatabaseException;
import dev.recaller.sql.schema.tables.records.CallsRecord;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class CallTable implements CallStore, CallOutcomes {

    private static final Logger LOG = LoggerFactory.getLogger(CallTable.class);

    private final Database database;
    private final Runnable lost;

    CallTable(Database database, Runnable lost) {
        this.database = database;
        this.lost = lost;
    }

    @Override
    public boolean save(Call call) {
        return write(call, CallTable::insert);
    }

    @Override
    public boolean end(Call call, boolean saved) {
        return write(call, saved ? CallTable::update : CallTable::insert);
    }

    @Override
    public Optional<CallOutcome> find(String organizationId, UUID callId) {
        return database.transactions()
                .read(
                        organizationId,
                        transaction -> transaction
                                .select(CALLS.ANSWERED_AT, CALLS.END_REASON, CALLS.SIP_STATUS)
                                .from(CALLS)
                                .where(CALLS.ORGANIZATION_ID.eq(organizationId), CALLS.ID.eq(callId))
                                .fetchOptional(row -> new CallOutcome(row.value1(), row.value2(), row.value3())));
    }

    private boolean write(Call call, BiConsumer<DSLContext, Call> statement) {
        try {
            database.transactions().<@Nullable Void>run(call.organizationId(), transaction -> {
                statement.accept(transaction, call);
                if (call.endedAt() != null) {
                    ended(transaction, call.organizationId(), call.id());
                }
                return null;
            });
            return true;
        } catch (DatabaseException e) {
            LOG.warn("the row of call {} is not written: {}", call.id(), e.getMessage());
            lost.run();
            return false;
        }
    }

    private static void insert(DSLContext transaction, Call call) {
        CallsRecord row = row(call);
        transaction
                .insertInto(CALLS)
                .set(row)
                .onConflict(CALLS.ORGANIZATION_ID, CALLS.ID)
                .doUpdate()
                .set(row)
                .execute();
    }

    private static void update(DSLContext transaction, Call call) {
        transaction
                .update(CALLS)
                .set(row(call))
                .where(CALLS.ORGANIZATION_ID.eq(call.organizationId()), CALLS.ID.eq(call.id()))
                .execute();
    }

    /** What goes with a call that ended, and the memory its turns went to, which its row refers to. */
    static void ended(DSLContext transaction, String organizationId, UUID callId) {
        transaction
                .update(CALLS)
                .set(
                        CALLS.MEMORY_ID,
                        DSL.select(MEMORY_CHUNKS.MEMORY_ID)
                                .from(MEMORY_CHUNKS)
                                .where(
                                        MEMORY_CHUNKS.ORGANIZATION_ID.eq(organizationId),
                                        MEMORY_CHUNKS.CALL_ID.eq(callId))
                                .limit(1))
                .where(CALLS.ORGANIZATION_ID.eq(organizationId), CALLS.ID.eq(callId))
                .execute();
        CallStateTable.delete(transaction, organizationId, callId);
        CallLeaseTable.delete(transaction, organizationId, callId);
    }

    private static CallsRecord row(Call call) {
        CallsRecord row = new CallsRecord();
        row.setOrganizationId(call.organizationId());
        row.setId(call.id());
        row.setFlowId(call.flowId());
        row.setFlowVersion(call.flowVersion());
        Telephone telephone = call.telephone();
        if (telephone != null) {
            row.setRoom(telephone.room());
            row.setRoomSid(telephone.roomSid());
            row.setSipCallId(telephone.sipCallId());
            row.setSipTrunkId(telephone.sipTrunkId());
            row.setCarrierCallId(telephone.carrierCallId());
            row.setCarrierSessionId(telephone.carrierSessionId());
            row.setNumberHash(telephone.numberHash());
        }
        row.setStartedAt(call.startedAt());
        row.setAnsweredAt(call.answeredAt());
        row.setEndedAt(call.endedAt());
        row.setEndReason(call.endReason() == null ? null : call.endReason().label());
        row.setSipStatus(call.sipStatus());
        row.setExpiresAt(call.startedAt().plus(Duration.ofDays(call.retentionDays())));
        return row;
    }
}
