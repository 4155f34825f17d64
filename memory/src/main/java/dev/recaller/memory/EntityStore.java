package dev.recaller.memory;

import static dev.recaller.sql.schema.Tables.ENTITIES;
import static dev.recaller.sql.schema.Tables.ENTITY_RELATIONSHIPS;

import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.sql.schema.tables.records.EntitiesRecord;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Who and what a caller spoke of; the caller's own names among them. */
final class EntityStore {

    static final String CALLER = "caller";
    static final String FORMER_CALLER = "former_caller";

    private final TimeOrderedIds ids;

    EntityStore(TimeOrderedIds ids) {
        this.ids = ids;
    }

    /** Names the caller went by or goes by, those of the current epoch. */
    List<EntitiesRecord> callerNames(DSLContext tx, MemoryId memory, @Nullable Instant epoch, Instant now) {
        return tx.selectFrom(ENTITIES)
                .where(of(memory), current(epoch, now), ENTITIES.ROLE.in(CALLER, FORMER_CALLER))
                .orderBy(ENTITIES.FIRST_MENTIONED_AT)
                .fetch();
    }

    List<EntitiesRecord> all(DSLContext tx, MemoryId memory, @Nullable Instant epoch, Instant now) {
        return tx.selectFrom(ENTITIES)
                .where(of(memory), current(epoch, now), notFormer())
                .orderBy(ENTITIES.LAST_MENTIONED_AT.desc())
                .fetch();
    }

    List<EntitiesRecord> readable(
            DSLContext tx, MemoryId memory, @Nullable Instant epoch, Instant now, Assurance assurance) {
        return tx.selectFrom(ENTITIES)
                .where(of(memory), current(epoch, now), notFormer())
                .and(ENTITIES.MIN_ASSURANCE.le(Rows.stored(assurance)))
                .orderBy(ENTITIES.LAST_MENTIONED_AT.desc())
                .fetch();
    }

    /** Writes a row; one of the same type and name takes its mentions, and its role when it has one. */
    UUID mention(DSLContext tx, EntitiesRecord row, @Nullable Instant epoch) {
        return tx.fetchSingle(
                        """
                        insert into recaller.entities as e (organization_id, id, memory_id, type, name, role, attributes,
                          first_mentioned_at, last_mentioned_at, mention_count, min_assurance, expires_at)
                        values (?, ?, ?, ?, ?, ?, ?::jsonb, ?::timestamptz, ?::timestamptz, ?,
                          ?::recaller.assurance, ?::timestamptz)
                        on conflict (organization_id, memory_id, type, lower(name)) do update set
                          name = excluded.name,
                          role = coalesce(excluded.role, e.role),
                          attributes = case
                            when excluded.role is not null or e.role is null and e.attributes = excluded.attributes
                              then excluded.attributes
                            when e.role is null then '{}' else e.attributes end,
                          first_mentioned_at = case when e.last_mentioned_at < ?::timestamptz
                            then excluded.first_mentioned_at
                            else least(e.first_mentioned_at, excluded.first_mentioned_at) end,
                          last_mentioned_at = greatest(e.last_mentioned_at, excluded.last_mentioned_at),
                          mention_count = excluded.mention_count
                            + case when e.last_mentioned_at < ?::timestamptz then 0 else e.mention_count end,
                          min_assurance = least(e.min_assurance, excluded.min_assurance),
                          expires_at = greatest(e.expires_at, excluded.expires_at)
                        returning id""",
                        row.getOrganizationId(),
                        ids.next(),
                        row.getMemoryId(),
                        row.getType(),
                        row.getName(),
                        row.getRole(),
                        row.getAttributes().data(),
                        row.getFirstMentionedAt().toString(),
                        row.getLastMentionedAt().toString(),
                        row.getMentionCount(),
                        row.getMinAssurance().getLiteral(),
                        row.getExpiresAt().toString(),
                        epoch == null ? null : epoch.toString(),
                        epoch == null ? null : epoch.toString())
                .get(0, UUID.class);
    }

    void setRole(DSLContext tx, MemoryId memory, UUID id, @Nullable String role, JSONB attributes) {
        tx.update(ENTITIES)
                .set(ENTITIES.ROLE, role)
                .set(ENTITIES.ATTRIBUTES, attributes)
                .where(of(memory), ENTITIES.ID.eq(id))
                .execute();
    }

    /** Adds a relationship; one that is current already lives longer. Whether it is new. */
    boolean relate(
            DSLContext tx,
            MemoryId memory,
            UUID source,
            String relation,
            UUID target,
            UUID sourceChunk,
            Instant saidAt,
            Assurance minimum,
            Instant expiresAt) {
        int known = tx.update(ENTITY_RELATIONSHIPS)
                .set(ENTITY_RELATIONSHIPS.EXPIRES_AT, DSL.greatest(ENTITY_RELATIONSHIPS.EXPIRES_AT, DSL.val(expiresAt)))
                .where(
                        ENTITY_RELATIONSHIPS.ORGANIZATION_ID.eq(memory.organizationId()),
                        ENTITY_RELATIONSHIPS.MEMORY_ID.eq(memory.value()),
                        ENTITY_RELATIONSHIPS.SOURCE_ID.eq(source),
                        ENTITY_RELATIONSHIPS.RELATION.eq(relation),
                        ENTITY_RELATIONSHIPS.TARGET_ID.eq(target),
                        ENTITY_RELATIONSHIPS.VALID_TO.isNull())
                .execute();
        if (known > 0) {
            return false;
        }
        tx.insertInto(ENTITY_RELATIONSHIPS)
                .set(ENTITY_RELATIONSHIPS.ORGANIZATION_ID, memory.organizationId())
                .set(ENTITY_RELATIONSHIPS.ID, ids.next())
                .set(ENTITY_RELATIONSHIPS.MEMORY_ID, memory.value())
                .set(ENTITY_RELATIONSHIPS.SOURCE_ID, source)
                .set(ENTITY_RELATIONSHIPS.RELATION, relation)
                .set(ENTITY_RELATIONSHIPS.TARGET_ID, target)
                .set(ENTITY_RELATIONSHIPS.SOURCE_CHUNK, sourceChunk)
                .set(ENTITY_RELATIONSHIPS.VALID_FROM, saidAt)
                .set(ENTITY_RELATIONSHIPS.MIN_ASSURANCE, Rows.stored(minimum))
                .set(ENTITY_RELATIONSHIPS.EXPIRES_AT, expiresAt)
                .execute();
        return true;
    }

    static Entity entity(EntitiesRecord row) {
        return new Entity(
                Rows.value(Entity.Type.class, row.getType()),
                row.getName(),
                row.getRole(),
                row.getMentionCount(),
                row.getLastMentionedAt());
    }

    private static Condition of(MemoryId memory) {
        return ENTITIES.ORGANIZATION_ID.eq(memory.organizationId()).and(ENTITIES.MEMORY_ID.eq(memory.value()));
    }

    private static Condition notFormer() {
        return ENTITIES.ROLE.isNull().or(ENTITIES.ROLE.ne(FORMER_CALLER));
    }

    private static Condition current(@Nullable Instant epoch, Instant now) {
        return ENTITIES.EXPIRES_AT
                .isNull()
                .or(ENTITIES.EXPIRES_AT.gt(now))
                .and(epoch == null ? DSL.noCondition() : ENTITIES.LAST_MENTIONED_AT.ge(epoch));
    }
}
