package dev.recaller.worker.store;

import static dev.recaller.sql.schema.Tables.CALLS;
import static dev.recaller.sql.schema.Tables.CALL_LEASES;

import dev.recaller.flow.EndReason;
import dev.recaller.sql.Database;
import dev.recaller.sql.Transactions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

final class CallLeaseTable implements CallLeases {
    private static final int AT_ONCE = 100;
    private static final int SHOWN = 1_000;

    private final Transactions transactions;
    private final UUID worker;
    private final Supplier<@Nullable URI> control;

    CallLeaseTable(Database database, UUID worker, Supplier<@Nullable URI> control) {
        this.transactions = database.transactions();
        this.worker = worker;
        this.control = control;
    }

    @Override
    public void hold(Held call) {
        int _ = transactions.run(
                call.organizationId(),
                transaction -> transaction
                        .insertInto(CALL_LEASES)
                        .columns(
                                CALL_LEASES.ORGANIZATION_ID,
                                CALL_LEASES.CALL_ID,
                                CALL_LEASES.HOLDER,
                                CALL_LEASES.HELD_UNTIL,
                                CALL_LEASES.ROOM,
                                CALL_LEASES.ROOM_SID,
                                CALL_LEASES.METADATA,
                                CALL_LEASES.CONTROL)
                        .select(transaction
                                .select(
                                        CALLS.ORGANIZATION_ID,
                                        CALLS.ID,
                                        DSL.val(worker),
                                        after(LASTS),
                                        DSL.val(call.room()),
                                        DSL.val(call.roomSid()),
                                        DSL.val(call.metadata()),
                                        DSL.val(control()))
                                .from(CALLS)
                                .where(
                                        CALLS.ORGANIZATION_ID.eq(call.organizationId()),
                                        CALLS.ID.eq(call.callId()),
                                        CALLS.ENDED_AT.isNull()))
                        .onConflictDoNothing()
                        .execute());
    }

    @Override
    public Set<UUID> renew(Collection<UUID> calls) {
        return transactions.runOutside(transaction -> new HashSet<>(transaction
                .fetch(
                        "select * from recaller.renew_leases(?, make_interval(secs => ?), ?)",
                        worker,
                        seconds(LASTS),
                        calls.toArray(UUID[]::new))
                .getValues(0, UUID.class)));
    }

    private @Nullable String control() {
        URI ours = control.get();
        return ours == null ? null : ours.toString();
    }

    @Override
    public List<Elsewhere> elsewhere(String organizationId) {
        return elsewhere(organizationId, DSL.noCondition());
    }

    @Override
    public Optional<Elsewhere> elsewhere(String organizationId, UUID callId) {
        return elsewhere(organizationId, CALL_LEASES.CALL_ID.eq(callId)).stream()
                .findFirst();
    }

    private List<Elsewhere> elsewhere(String organizationId, Condition which) {
        return transactions.run(
                organizationId,
                transaction -> transaction
                        .select(
                                CALLS.ID,
                                CALLS.FLOW_ID,
                                CALLS.FLOW_VERSION,
                                CALLS.STARTED_AT,
                                CALLS.ANSWERED_AT,
                                CALL_LEASES.CONTROL)
                        .from(CALL_LEASES)
                        .join(CALLS)
                        .on(CALLS.ORGANIZATION_ID.eq(CALL_LEASES.ORGANIZATION_ID), CALLS.ID.eq(CALL_LEASES.CALL_ID))
                        .where(
                                CALL_LEASES.ORGANIZATION_ID.eq(organizationId),
                                CALL_LEASES.HOLDER.ne(worker),
                                CALL_LEASES.HELD_UNTIL.ge(now()),
                                which)
                        .orderBy(CALLS.STARTED_AT)
                        .limit(SHOWN)
                        .fetch(row -> new Elsewhere(
                                row.value1(),
                                row.value2(),
                                row.value3(),
                                row.value4(),
                                row.value5(),
                                row.value6() == null ? null : URI.create(row.value6()))));
    }

    @Override
    public List<Lost> lost() {
        return transactions.runOutside(transaction -> transaction
                .fetch("select * from recaller.lost_leases(?)", AT_ONCE)
                .map(row -> new Lost(
                        row.get("organization_id", String.class),
                        row.get("call_id", UUID.class),
                        row.get("room", String.class),
                        row.get("room_sid", String.class))));
    }

    @Override
    public Optional<Taken> take(Lost call) {
        return transactions.run(call.organizationId(), transaction -> {
            int taken = transaction
                    .update(CALL_LEASES)
                    .set(CALL_LEASES.HOLDER, worker)
                    .set(CALL_LEASES.HELD_UNTIL, after(LASTS))
                    .set(CALL_LEASES.CONTROL, control())
                    .where(is(call.organizationId(), call.callId()).and(CALL_LEASES.HELD_UNTIL.lt(now())))
                    .execute();
            return taken == 1
                    ? Optional.of(taken(transaction, call.organizationId(), call.callId()))
                    : Optional.empty();
        });
    }

    private static Taken taken(DSLContext transaction, String organizationId, UUID callId) {
        return transaction
                .select(CALL_LEASES.METADATA, CALLS.STARTED_AT, CALLS.ANSWERED_AT)
                .from(CALL_LEASES)
                .join(CALLS)
                .on(CALLS.ORGANIZATION_ID.eq(CALL_LEASES.ORGANIZATION_ID), CALLS.ID.eq(CALL_LEASES.CALL_ID))
                .where(is(organizationId, callId))
                .fetchSingle(row -> new Taken(organizationId, callId, row.value1(), row.value2(), row.value3()));
    }

    @Override
    public void end(Lost call, EndReason reason) {
        transactions.<@Nullable Void>run(call.organizationId(), transaction -> {
            int ours = transaction
                    .deleteFrom(CALL_LEASES)
                    .where(is(call.organizationId(), call.callId()).and(CALL_LEASES.HOLDER.eq(worker)))
                    .execute();
            if (ours == 1) {
                transaction
                        .update(CALLS)
                        .set(CALLS.ENDED_AT, now())
                        .set(CALLS.END_REASON, reason.label())
                        .where(
                                CALLS.ORGANIZATION_ID.eq(call.organizationId()),
                                CALLS.ID.eq(call.callId()),
                                CALLS.ENDED_AT.isNull())
                        .execute();
                CallTable.ended(transaction, call.organizationId(), call.callId());
            }
            return null;
        });
    }

    @Override
    public void alone(String what, Runnable work) {
        transactions.<@Nullable Void>runOutside(transaction -> {
            // LiveKit is asked meanwhile, and this transaction holds no row.
            boolean ours = transaction
                    .fetchSingle(
                            "select pg_try_advisory_xact_lock(hashtextextended(?, 0)),"
                                    + " set_config('idle_in_transaction_session_timeout', '0', true)",
                            what)
                    .get(0, Boolean.class);
            if (ours) {
                work.run();
            }
            return null;
        });
    }

    /** Also a part of a call's end in its own row. */
    static void delete(DSLContext transaction, String organizationId, UUID callId) {
        transaction.deleteFrom(CALL_LEASES).where(is(organizationId, callId)).execute();
    }

    private static Condition is(String organizationId, UUID callId) {
        return CALL_LEASES.ORGANIZATION_ID.eq(organizationId).and(CALL_LEASES.CALL_ID.eq(callId));
    }

    private static Field<Instant> now() {
        return DSL.field("clock_timestamp()", Instant.class);
    }

    private static Field<Instant> after(Duration time) {
        return DSL.field("clock_timestamp() + make_interval(secs => {0})", Instant.class, DSL.val(seconds(time)));
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1_000.0;
    }
}
