package dev.recaller.worker.store;

import static dev.recaller.sql.schema.Tables.CALLS;
import static dev.recaller.sql.schema.Tables.RECORDINGS;

import dev.recaller.sql.Database;
import dev.recaller.sql.Transactions;
import dev.recaller.sql.schema.tables.records.RecordingsRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

final class RecordingTable implements RecordingStore {

    private final Transactions transactions;

    RecordingTable(Database database) {
        this.transactions = database.transactions();
    }

    @Override
    public Optional<Row> begin(String organizationId, UUID callId, String storage, String object) {
        return transactions.run(organizationId, tx -> {
            // Locked: a call that is deleted at this moment is gone, or waits until the row is there to be told.
            Instant startedAt = tx.select(CALLS.STARTED_AT)
                    .from(CALLS)
                    .where(CALLS.ORGANIZATION_ID.eq(organizationId), CALLS.ID.eq(callId))
                    .forKeyShare()
                    .fetchOne(CALLS.STARTED_AT);
            if (startedAt != null) {
                tx.insertInto(RECORDINGS)
                        .set(RECORDINGS.ORGANIZATION_ID, organizationId)
                        .set(RECORDINGS.ID, callId)
                        .set(RECORDINGS.CALL_ID, callId)
                        .set(RECORDINGS.STORAGE, storage)
                        .set(RECORDINGS.OBJECT, object)
                        .set(RECORDINGS.STARTED_AT, startedAt)
                        .onConflictDoNothing()
                        .execute();
            }
            return row(tx, organizationId, callId);
        });
    }

    @Override
    public boolean stored(String organizationId, UUID callId, Instant at, @Nullable Long durationMs, long bytes) {
        return transactions.run(
                organizationId,
                tx -> tx.update(RECORDINGS)
                                .set(RECORDINGS.STORED_AT, at)
                                .set(RECORDINGS.DURATION_MS, durationMs)
                                .set(RECORDINGS.BYTES, bytes)
                                .where(of(organizationId, callId))
                                .and(RECORDINGS.CALL_ID.isNotNull())
                                .execute()
                        == 1);
    }

    @Override
    public Optional<Row> find(String organizationId, UUID callId) {
        return transactions.read(organizationId, tx -> row(tx, organizationId, callId));
    }

    @Override
    public List<Row> list(String organizationId, int most) {
        return transactions.read(
                organizationId,
                tx -> tx.selectFrom(RECORDINGS)
                        .where(RECORDINGS.ORGANIZATION_ID.eq(organizationId), RECORDINGS.CALL_ID.isNotNull())
                        .orderBy(RECORDINGS.STARTED_AT.desc(), RECORDINGS.ID)
                        .limit(most)
                        .fetch(RecordingTable::row));
    }

    @Override
    public boolean release(String organizationId, UUID callId) {
        return transactions.run(
                organizationId,
                tx -> tx.update(RECORDINGS)
                                .set(RECORDINGS.CALL_ID, (UUID) null)
                                .where(of(organizationId, callId))
                                .execute()
                        == 1);
    }

    @Override
    public Optional<String> nextToClean(String after) {
        return transactions.run(
                "",
                tx -> Optional.ofNullable(
                        tx.fetchSingle("select recaller.next_organization_with_recordings_to_delete(?)", after)
                                .get(0, String.class)));
    }

    @Override
    public List<Row> toDelete(String organizationId, @Nullable UUID after, int most) {
        return transactions.read(
                organizationId,
                tx -> tx.selectFrom(RECORDINGS)
                        .where(RECORDINGS.ORGANIZATION_ID.eq(organizationId), RECORDINGS.CALL_ID.isNull())
                        .and(after == null ? DSL.noCondition() : RECORDINGS.ID.gt(after))
                        .orderBy(RECORDINGS.ID)
                        .limit(most)
                        .fetch(RecordingTable::row));
    }

    @Override
    public void deleted(String organizationId, UUID callId) {
        int _ = transactions.run(
                organizationId,
                tx -> tx.deleteFrom(RECORDINGS)
                        .where(of(organizationId, callId))
                        .and(RECORDINGS.CALL_ID.isNull())
                        .execute());
    }

    private static Optional<Row> row(DSLContext tx, String organizationId, UUID callId) {
        return tx.selectFrom(RECORDINGS)
                .where(of(organizationId, callId))
                .fetchOptional()
                .map(RecordingTable::row);
    }

    private static Row row(RecordingsRecord row) {
        return new Row(
                row.getOrganizationId(),
                row.getId(),
                row.getCallId() != null,
                row.getStorage(),
                row.getObject(),
                row.getStartedAt(),
                row.getStoredAt(),
                row.getDurationMs(),
                row.getBytes());
    }

    private static Condition of(String organizationId, UUID callId) {
        return RECORDINGS.ORGANIZATION_ID.eq(organizationId).and(RECORDINGS.ID.eq(callId));
    }
}
