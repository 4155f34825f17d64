package dev.recaller.worker.store;

import static dev.recaller.sql.schema.Tables.AUDIT;

import dev.recaller.memory.privacy.Audit;
import dev.recaller.sql.Database;
import dev.recaller.sql.TimeOrderedIds;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

final class ControlAuditTable implements ControlAudit {

    private static final JsonMapper JSON = new JsonMapper();

    private final Database database;
    private final InstantSource clock;
    private final TimeOrderedIds ids;

    ControlAuditTable(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.ids = new TimeOrderedIds(clock);
    }

    @Override
    public void note(String organizationId, String actor, String action, @Nullable UUID callId, String outcome) {
        Instant now = clock.instant();
        int _ = database.transactions()
                .run(
                        organizationId,
                        transaction -> transaction
                                .insertInto(AUDIT)
                                .set(AUDIT.ORGANIZATION_ID, organizationId)
                                .set(AUDIT.ID, ids.next())
                                .set(AUDIT.ACTOR, actor)
                                .set(AUDIT.ACTION, action)
                                .set(AUDIT.CALL_ID, callId)
                                .set(AUDIT.DETAIL, JSONB.valueOf(JSON.writeValueAsString(Map.of("outcome", outcome))))
                                .set(AUDIT.EXPIRES_AT, now.plus(Audit.KEPT))
                                .set(AUDIT.CREATED_AT, now)
                                .execute());
    }
}
