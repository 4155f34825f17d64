package dev.recaller.memory;

import dev.recaller.memory.recall.Passage;
import dev.recaller.memory.recall.Vectors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** What a model made of chunks, row by row. */
final class VectorStore {

    /** Of the chunks named those without vectors of a model, each with the turn before it in its call. */
    private static final String WITHOUT = """
            select c.id, c.type, c.content, c.speaker, c.call_id, c.said_at,
              p.id as previous_id, p.content as previous_content, p.speaker as previous_speaker,
              p.said_at as previous_said_at
            from recaller.memory_chunks c
            left join lateral (
              select id, content, speaker, said_at from recaller.memory_chunks
              where organization_id = c.organization_id and call_id = c.call_id and turn < c.turn
                and type = 'conversation' and c.type = 'conversation'
              order by turn desc limit 1) p on true
            where c.organization_id = ? and c.id = any(?::uuid[])
              and not exists (select from recaller.chunk_vectors v
                where v.organization_id = c.organization_id and v.chunk_id = c.id and v.model = ?)
            order by c.id""";

    /** Erased while the model thought: nothing to insert. Locked, so that it is not erased before this commits. */
    private static final String PUT = """
            with chunk as (
              select organization_id, id from recaller.memory_chunks where organization_id = ? and id = ? for key share)
            insert into recaller.chunk_vectors
              (organization_id, chunk_id, model, turn_vector, pair_vector, token_states, created_at)
            select organization_id, id, ?, ?, ?, ?, ?::timestamptz from chunk
            on conflict do nothing""";

    private static final String FORGET_OTHERS =
            "delete from recaller.chunk_vectors where organization_id = ? and chunk_id = ? and model <> ?";

    /** Chunks by id from one on, and whether each lacks vectors of a model. */
    private static final String FROM = """
            select c.id, not exists (select from recaller.chunk_vectors v
              where v.organization_id = c.organization_id and v.chunk_id = c.id and v.model = ?) as lacking
            from recaller.memory_chunks c
            where c.organization_id = ? and c.id > ? order by c.id limit ?""";

    static final UUID FIRST = new UUID(0, 0);

    /** A chunk as a model reads it. */
    record Text(Passage passage, @Nullable Passage previous) {}

    /** A chunk a sweep comes by. */
    record Swept(UUID chunk, boolean lacking) {}

    List<Text> without(DSLContext tx, String organizationId, Collection<UUID> chunks, String model) {
        List<Text> texts = new ArrayList<>();
        for (Record row : tx.fetch(WITHOUT, organizationId, chunks.toArray(UUID[]::new), model)) {
            UUID call = row.get("call_id", UUID.class);
            boolean turn = Rows.text(MemoryChunk.Type.CONVERSATION).equals(row.get("type", String.class));
            Passage previous = row.get("previous_id") == null ? null : passage(row, "previous_", true, call);
            texts.add(new Text(passage(row, "", turn, call), previous));
        }
        return texts;
    }

    void put(DSLContext tx, String organizationId, UUID chunk, String model, Vectors vectors, Instant now) {
        tx.execute(
                PUT,
                organizationId,
                chunk,
                model,
                ReadableChunks.bytes(vectors.turn()),
                ReadableChunks.bytes(vectors.pair()),
                vectors.tokens(),
                now.toString());
        tx.execute(FORGET_OTHERS, organizationId, chunk, model);
    }

    List<Swept> from(DSLContext tx, String organizationId, UUID after, String model, int limit) {
        return tx.fetch(FROM, model, organizationId, after, limit)
                .map(row -> new Swept(row.get("id", UUID.class), row.get("lacking", Boolean.class)));
    }

    private static Passage passage(Record row, String prefix, boolean turn, @Nullable UUID call) {
        return new Passage(
                row.get(prefix + "id", UUID.class),
                turn,
                row.get(prefix + "content", String.class),
                row.get(prefix + "speaker", String.class),
                call,
                row.get(prefix + "said_at", Instant.class),
                List.of());
    }
}
