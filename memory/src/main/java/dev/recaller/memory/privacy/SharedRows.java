package dev.recaller.memory.privacy;

import static dev.recaller.sql.schema.Tables.ENTITIES;
import static dev.recaller.sql.schema.Tables.MEMORY_CHUNKS;
import static dev.recaller.sql.schema.Tables.PREFERENCES;
import static dev.recaller.sql.schema.Tables.USER_MEMORY;

import dev.recaller.memory.Assurance;
import dev.recaller.memory.ChunkId;
import dev.recaller.memory.Entity;
import dev.recaller.memory.MemoryChunk;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.Preference;
import dev.recaller.memory.Speaker;
import dev.recaller.sql.schema.tables.records.MemoryChunksRecord;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The rows of a memory that may be read now with this assurance. */
final class SharedRows {

    private static final String CALLER = "caller";
    private static final String NAME_TOPIC = "caller_name";
    private static final Instant BEGINNING = Instant.EPOCH;

    private final DSLContext tx;
    private final MemoryId memory;
    private final dev.recaller.sql.schema.enums.Assurance assurance;
    private final Instant now;
    private final Instant epoch;

    SharedRows(DSLContext tx, MemoryId memory, Assurance assurance, Instant now) {
        this.tx = tx;
        this.memory = memory;
        this.assurance =
                dev.recaller.sql.schema.enums.Assurance.valueOf(assurance.name().toLowerCase(Locale.ROOT));
        this.now = now;
        Instant started = tx.select(USER_MEMORY.EPOCH_STARTED_AT)
                .from(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(memory.organizationId()), USER_MEMORY.ID.eq(memory.value()))
                .fetchOne(USER_MEMORY.EPOCH_STARTED_AT);
        this.epoch = started == null ? BEGINNING : started;
    }

    /** The one current name; null when there is none or several. */
    @Nullable
    String name() {
        List<String> names = tx.select(ENTITIES.NAME)
                .from(ENTITIES)
                .where(entity(), ENTITIES.ROLE.eq(CALLER))
                .fetch(ENTITIES.NAME);
        return names.size() == 1 ? names.getFirst() : null;
    }

    List<Preference> preferences() {
        return tx.selectFrom(PREFERENCES)
                .where(
                        PREFERENCES.ORGANIZATION_ID.eq(memory.organizationId()),
                        PREFERENCES.MEMORY_ID.eq(memory.value()))
                .and(PREFERENCES.VALID_TO.isNull())
                .and(readable(PREFERENCES.MIN_ASSURANCE, PREFERENCES.EXPIRES_AT, PREFERENCES.VALID_FROM))
                .orderBy(PREFERENCES.KEY)
                .fetch(row -> new Preference(
                        row.getKey(), row.getValue(), row.getCategory(), row.getConfidence(), row.getValidFrom()));
    }

    List<Entity> entities() {
        return tx.selectFrom(ENTITIES)
                .where(entity(), ENTITIES.ROLE.isNull())
                .orderBy(ENTITIES.LAST_MENTIONED_AT.desc(), ENTITIES.NAME)
                .fetch(row -> new Entity(
                        Entity.Type.valueOf(row.getType().toUpperCase(Locale.ROOT)),
                        row.getName(),
                        row.getRole(),
                        row.getMentionCount(),
                        row.getLastMentionedAt()));
    }

    /** But for those that say the caller's name. */
    List<MemoryChunk> facts() {
        return chunks(
                MEMORY_CHUNKS.TYPE.in("fact", "event").andNot(MEMORY_CHUNKS.TOPICS.contains(new String[] {NAME_TOPIC
                })));
    }

    List<MemoryChunk> conversation() {
        return chunks(MEMORY_CHUNKS.TYPE.eq("conversation"));
    }

    private List<MemoryChunk> chunks(Condition type) {
        return tx.selectFrom(MEMORY_CHUNKS)
                .where(MEMORY_CHUNKS.ORGANIZATION_ID.eq(memory.organizationId()))
                .and(MEMORY_CHUNKS.MEMORY_ID.eq(memory.value()))
                .and(MEMORY_CHUNKS.VALID_TO.isNull())
                .and(readable(MEMORY_CHUNKS.MIN_ASSURANCE, MEMORY_CHUNKS.EXPIRES_AT, MEMORY_CHUNKS.SAID_AT))
                .and(type)
                .orderBy(MEMORY_CHUNKS.SAID_AT, MEMORY_CHUNKS.TURN)
                .fetch(SharedRows::chunk);
    }

    private Condition entity() {
        return ENTITIES.ORGANIZATION_ID
                .eq(memory.organizationId())
                .and(ENTITIES.MEMORY_ID.eq(memory.value()))
                .and(readable(ENTITIES.MIN_ASSURANCE, ENTITIES.EXPIRES_AT, ENTITIES.LAST_MENTIONED_AT));
    }

    private Condition readable(
            Field<dev.recaller.sql.schema.enums.Assurance> minimum, Field<Instant> expires, Field<Instant> said) {
        return minimum.le(assurance).and(expires.isNull().or(expires.gt(now))).and(said.ge(DSL.val(epoch)));
    }

    private static MemoryChunk chunk(MemoryChunksRecord row) {
        return new MemoryChunk(
                new ChunkId(row.getId()),
                MemoryChunk.Type.valueOf(row.getType().toUpperCase(Locale.ROOT)),
                row.getContent(),
                row.getImportance(),
                List.of(row.getTopics()),
                row.getCallId(),
                row.getTurn(),
                row.getSpeaker() == null
                        ? null
                        : Speaker.valueOf(row.getSpeaker().toUpperCase(Locale.ROOT)),
                row.getSaidAt(),
                Math.toIntExact(row.getTokens()));
    }
}
