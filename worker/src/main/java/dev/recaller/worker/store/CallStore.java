package dev.recaller.worker.store;

import dev.recaller.flow.EndReason;
import dev.recaller.sql.Database;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The record of calls. A database that does not take it is logged and counted, and never fails a call. */
public interface CallStore {

    /**
     * The telephone's side of a call.
     *
     * @param room contains the caller's number, as the row is personal data; it goes with {@code retentionDays}
     * @param carrierCallId what the carrier calls it, and {@code carrierSessionId} what it is part of
     * @param numberHash of {@link dev.recaller.worker.caller.NumberHash}
     */
    record Telephone(
            String room,
            @Nullable String roomSid,
            @Nullable String sipCallId,
            @Nullable String sipTrunkId,
            @Nullable String carrierCallId,
            @Nullable String carrierSessionId,
            @Nullable String numberHash) {}

    /**
     * A call as far as it is known by now.
     *
     * @param telephone absent for a call without one
     * @param sipStatus what the telephone network answered where we dialled and nobody picked up; absent: nothing
     */
    record Call(
            UUID id,
            String organizationId,
            String flowId,
            int flowVersion,
            int retentionDays,
            @Nullable Telephone telephone,
            Instant startedAt,
            @Nullable Instant answeredAt,
            @Nullable Instant endedAt,
            @Nullable EndReason endReason,
            @Nullable Integer sipStatus) {

        /** A call that begins now, without a telephone. */
        public static Call ofText(
                UUID id, String organizationId, String flowId, int flowVersion, int retentionDays, Instant startedAt) {
            return new Call(
                    id,
                    organizationId,
                    flowId,
                    flowVersion,
                    retentionDays,
                    null,
                    startedAt,
                    startedAt,
                    null,
                    null,
                    null);
        }

        public Call answered(Instant at) {
            return with(at, endedAt, endReason, sipStatus);
        }

        /** One that nobody picked up; absent: the telephone network answered nothing, or we did not dial. */
        public Call notReached(@Nullable Integer status) {
            return with(answeredAt, endedAt, endReason, status);
        }

        public Call ended(Instant at, EndReason reason) {
            return with(answeredAt, at, reason, sipStatus);
        }

        private Call with(
                @Nullable Instant answered,
                @Nullable Instant ended,
                @Nullable EndReason reason,
                @Nullable Integer status) {
            return new Call(
                    id,
                    organizationId,
                    flowId,
                    flowVersion,
                    retentionDays,
                    telephone,
                    startedAt,
                    answered,
                    ended,
                    reason,
                    status);
        }
    }

    /**
     * Writes the call's row, new or again. Blocks, for seconds when the database does not answer: keep it off the
     * audio's way. A saved end refers to the memory the call's turns went to.
     *
     * @return whether the database has it
     */
    boolean save(Call call);

    /**
     * Writes the end of a call. A row that was there and is gone was erased with its caller, and stays gone. Blocks as
     * {@link #save}.
     *
     * @param saved whether the call's beginning was
     * @return whether the database answered
     */
    boolean end(Call call, boolean saved);

    /** Keeps calls in the database; {@code lost} is run for each row it did not take. */
    static CallStore in(Database database, Runnable lost) {
        return new CallTable(database, lost);
    }
}
