package dev.recaller.memory.privacy;

import static dev.recaller.sql.schema.Tables.AUDIT;

import dev.recaller.memory.MemoryId;
import dev.recaller.sql.TimeOrderedIds;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;

final class AuditStore {

    private final InstantSource clock;
    private final TimeOrderedIds ids;

    AuditStore(InstantSource clock) {
        this.clock = clock;
        this.ids = new TimeOrderedIds(clock);
    }

    /** Adds a row; its detail, a JSON object, must hold no content. Returns its id. */
    UUID add(
            DSLContext tx,
            String organizationId,
            String actor,
            Audit.Action action,
            @Nullable UUID memoryId,
            String detail) {
        Instant now = clock.instant();
        UUID id = ids.next();
        tx.insertInto(AUDIT)
                .set(AUDIT.ORGANIZATION_ID, organizationId)
                .set(AUDIT.ID, id)
                .set(AUDIT.ACTOR, actor)
                .set(AUDIT.ACTION, action.name().toLowerCase(Locale.ROOT))
                .set(AUDIT.MEMORY_ID, memoryId)
                .set(AUDIT.DETAIL, JSONB.valueOf(detail))
                .set(AUDIT.EXPIRES_AT, now.plus(Audit.KEPT))
                .set(AUDIT.CREATED_AT, now)
                .execute();
        return id;
    }

    List<Audit.Entry> of(DSLContext tx, MemoryId memory, int limit) {
        return tx.selectFrom(AUDIT)
                .where(AUDIT.ORGANIZATION_ID.eq(memory.organizationId()), AUDIT.MEMORY_ID.eq(memory.value()))
                .orderBy(AUDIT.CREATED_AT.desc(), AUDIT.ID.desc())
                .limit(limit)
                .fetch(row -> new Audit.Entry(
                        row.getCreatedAt(),
                        row.getActor(),
                        row.getAction(),
                        row.getMemoryId(),
                        row.getDetail().data()));
    }
}
