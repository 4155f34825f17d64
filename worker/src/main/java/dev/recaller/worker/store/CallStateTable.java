package dev.recaller.worker.store;

import static dev.recaller.sql.schema.Tables.CALLS;
import static dev.recaller.sql.schema.Tables.CALL_STATE;

import dev.recaller.flow.FlowState;
import dev.recaller.flow.FlowStateJson;
import dev.recaller.sql.Database;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class CallStateTable implements CallJournal {

    private static final Logger LOG = LoggerFactory.getLogger(CallStateTable.class);

    private final Database database;
    private final PromptDatabase prompt;
    private final Runnable lost;

    /** @param limit how long a save waits for the database */
    CallStateTable(Database database, Duration limit, Runnable lost) {
        this.database = database;
        this.prompt = new PromptDatabase(database, limit);
        this.lost = lost;
    }

    @Override
    public boolean save(FlowState state) {
        String text = FlowStateJson.write(state);
        try {
            boolean saved = prompt.run(state.organizationId(), transaction -> upsert(transaction, state, text)) == 1;
            if (!saved) {
                LOG.debug("call {} has no row that goes on, or is past step {}", state.callId(), state.step());
            }
            return saved;
        } catch (PromptDatabase.NoAnswerException e) {
            LOG.warn("where call {} stands is not saved: {}", state.callId(), e.getMessage());
            lost.run();
            return false;
        }
    }

    /**
     * The call's row is locked first, as its end does: a state that arrives after the end finds no row that goes on, one
     * before goes with it. An erasure takes the state first; where the two meet, the statement's limit ends this one.
     */
    private static int upsert(DSLContext transaction, FlowState state, String text) {
        return transaction
                .insertInto(CALL_STATE)
                .columns(
                        CALL_STATE.ORGANIZATION_ID,
                        CALL_STATE.CALL_ID,
                        CALL_STATE.NODE,
                        CALL_STATE.STEP,
                        CALL_STATE.STATE)
                .select(transaction
                        .select(
                                CALLS.ORGANIZATION_ID,
                                CALLS.ID,
                                DSL.val(state.place()),
                                DSL.val(state.step()),
                                DSL.val(text))
                        .from(CALLS)
                        .where(
                                CALLS.ORGANIZATION_ID.eq(state.organizationId()),
                                CALLS.ID.eq(state.callId()),
                                CALLS.ENDED_AT.isNull())
                        .forShare())
                .onConflict(CALL_STATE.ORGANIZATION_ID, CALL_STATE.CALL_ID)
                .doUpdate()
                .set(CALL_STATE.NODE, DSL.excluded(CALL_STATE.NODE))
                .set(CALL_STATE.STEP, DSL.excluded(CALL_STATE.STEP))
                .set(CALL_STATE.STATE, DSL.excluded(CALL_STATE.STATE))
                .set(CALL_STATE.UPDATED_AT, DSL.currentInstant())
                .where(CALL_STATE.STEP.lt(DSL.excluded(CALL_STATE.STEP)))
                .execute();
    }

    @Override
    public Optional<FlowState> find(String organizationId, UUID callId) {
        return database.transactions()
                .read(
                        organizationId,
                        transaction -> transaction
                                .select(CALL_STATE.STATE)
                                .from(CALL_STATE)
                                .where(CALL_STATE.ORGANIZATION_ID.eq(organizationId), CALL_STATE.CALL_ID.eq(callId))
                                .fetchOptional(CALL_STATE.STATE))
                .map(FlowStateJson::read);
    }

    @Override
    public void ended(String organizationId, UUID callId) {
        try {
            prompt.run(organizationId, transaction -> delete(transaction, organizationId, callId));
        } catch (PromptDatabase.NoAnswerException e) {
            LOG.warn("where call {} stood is deleted with its end: {}", callId, e.getMessage());
        }
    }

    /** Also a part of a call's end in its own row. */
    static int delete(DSLContext transaction, String organizationId, UUID callId) {
        return transaction
                .deleteFrom(CALL_STATE)
                .where(CALL_STATE.ORGANIZATION_ID.eq(organizationId), CALL_STATE.CALL_ID.eq(callId))
                .execute();
    }
}
