package dev.recaller.memory.privacy;

import static dev.recaller.sql.schema.Tables.USER_MEMORY;

import dev.recaller.memory.MemoryId;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads and writes what a document holds. */
final class DocumentStore {

    private static final String READ = "with memories as (select id from recaller.user_memory"
            + " where organization_id = recaller.organization() and (id = ? or merged_into = ?))"
            + " select jsonb_build_object(" + fields(Section.CONTENT) + ")::text, jsonb_build_object("
            + fields(Section.RECORD) + ")::text";

    /** The two parts a checksum is made of. */
    record Parts(JsonNode content, JsonNode record) {}

    /** The memory this one was merged into, or itself; null when there is none. */
    @Nullable
    UUID root(DSLContext tx, MemoryId memory) {
        return tx.select(DSL.coalesce(USER_MEMORY.MERGED_INTO, USER_MEMORY.ID))
                .from(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(memory.organizationId()), USER_MEMORY.ID.eq(memory.value()))
                .fetchOne(row -> row.value1());
    }

    List<UUID> page(DSLContext tx, String organizationId, @Nullable UUID after, int size) {
        return tx.select(USER_MEMORY.ID)
                .from(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(organizationId), USER_MEMORY.MERGED_INTO.isNull())
                .and(after == null ? DSL.noCondition() : USER_MEMORY.ID.gt(after))
                .orderBy(USER_MEMORY.ID)
                .limit(size)
                .fetch(USER_MEMORY.ID);
    }

    /** In one statement: of one moment. Null when there is no such memory. */
    @Nullable
    Parts read(DSLContext tx, UUID root) {
        var row = tx.fetchSingle(READ, root, root);
        JsonNode content = Document.parse(row.get(0, String.class));
        return content.get(Section.MEMORIES.field()).isEmpty()
                ? null
                : new Parts(content, Document.parse(row.get(1, String.class)));
    }

    void insert(DSLContext tx, JsonNode content) {
        for (Section section : Section.CONTENT) {
            JsonNode rows = content.get(section.field());
            if (!rows.isEmpty()) {
                tx.execute(section.insert(), rows.toString());
            }
        }
    }

    /** Ids of these rows that the organization has already. */
    List<UUID> present(DSLContext tx, Section section, JsonNode content) {
        UUID[] ids = ids(content.get(section.field()));
        return tx.fetch(
                        "select id from recaller." + section.table()
                                + " where organization_id = recaller.organization() and id = any (?::uuid[]) order by id",
                        (Object) ids)
                .getValues(0, UUID.class);
    }

    /** Memories of the organization that have one of these identities already. */
    List<UUID> sameIdentity(DSLContext tx, JsonNode content) {
        return tx.fetch("""
                        select m.id from recaller.user_memory m
                        join jsonb_to_recordset(?::jsonb) as r("userId" text, "phoneNumber" text)
                          on m.user_id = r."userId"
                          or m.user_id is null and r."userId" is null and m.phone_number = r."phoneNumber"
                        where m.organization_id = recaller.organization()""", content.get(Section.MEMORIES.field()).toString()).getValues(0, UUID.class);
    }

    /** Turns of the same call and place that the organization has already. */
    boolean hasTurns(DSLContext tx, JsonNode content) {
        return tx.fetchSingle("""
                        select exists (select from jsonb_to_recordset(?::jsonb) as r("callId" uuid, turn integer, type text)
                          join recaller.memory_chunks c on c.organization_id = recaller.organization()
                            and c.call_id = r."callId" and c.turn = r.turn and c.type = 'conversation'
                          where r.type = 'conversation')""", content.get(Section.CHUNKS.field()).toString())
                .get(0, Boolean.class);
    }

    static UUID[] ids(JsonNode rows) {
        return rows.valueStream()
                .map(row -> UUID.fromString(row.get("id").asString()))
                .toArray(UUID[]::new);
    }

    private static String fields(List<Section> sections) {
        return sections.stream()
                .map(section -> "'" + section.field() + "', " + section.select())
                .collect(Collectors.joining(", "));
    }
}
