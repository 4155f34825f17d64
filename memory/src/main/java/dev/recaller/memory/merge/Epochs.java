package dev.recaller.memory.merge;

import static dev.recaller.sql.schema.Tables.ENTITIES;
import static dev.recaller.sql.schema.Tables.MEMORY_CHUNKS;
import static dev.recaller.sql.schema.Tables.USER_MEMORY;

import dev.recaller.memory.MemoryException;
import dev.recaller.memory.MemoryId;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Instant;
import java.util.Optional;
import org.jooq.DSLContext;

/** What was set aside because another person seemed to have got the number, and comes back when it was the same one. */
final class Epochs {

    private Epochs() {}

    static Optional<Restored> restore(DSLContext tx, MemoryId memory, Instant at) {
        UserMemoryRecord row = tx.selectFrom(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(memory.organizationId()), USER_MEMORY.ID.eq(memory.value()))
                .forUpdate()
                .fetchOne();
        if (row == null) {
            throw MemoryException.notFound(memory);
        }
        Instant epoch = row.getEpochStartedAt();
        if (epoch == null) {
            return Optional.empty();
        }
        tx.update(USER_MEMORY)
                .setNull(USER_MEMORY.EPOCH_STARTED_AT)
                .set(USER_MEMORY.REVISION, USER_MEMORY.REVISION.plus(1))
                .set(USER_MEMORY.UPDATED_AT, at)
                .where(Pair.of(USER_MEMORY.ORGANIZATION_ID, USER_MEMORY.ID, row))
                .execute();
        int chunks = tx.fetchCount(
                MEMORY_CHUNKS,
                Pair.of(MEMORY_CHUNKS.ORGANIZATION_ID, MEMORY_CHUNKS.MEMORY_ID, row)
                        .and(MEMORY_CHUNKS.SAID_AT.lt(epoch)));
        return Optional.of(new Restored(
                epoch,
                chunks,
                tx.select(ENTITIES.NAME)
                        .from(ENTITIES)
                        .where(Pair.of(ENTITIES.ORGANIZATION_ID, ENTITIES.MEMORY_ID, row))
                        .and(ENTITIES.ROLE.eq(Mentions.CALLER))
                        .orderBy(ENTITIES.FIRST_MENTIONED_AT)
                        .fetch(ENTITIES.NAME)));
    }
}
