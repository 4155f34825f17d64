package dev.recaller.memory;

import dev.recaller.memory.recall.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chunks a call may recall, with their vectors, in one query: rows its assurance does not suffice for never
 * leave the database, except what was said in the call itself. Plain JDBC: ten thousand rows bring 56 MB.
 */
final class ReadableChunks {

    private static final String COLUMNS =
            "select c.id, c.memory_id, c.type, c.content, c.importance, c.topics, c.call_id,"
                    + " c.turn, c.speaker, c.said_at, c.source_chunks, c.tokens";

    private static final String VECTORS = ", v.turn_vector, v.pair_vector, v.token_states";

    private static final String JOIN = """
             left join recaller.chunk_vectors v
               on v.organization_id = c.organization_id and v.chunk_id = c.id and v.model = ?""";

    private static final String WHERE = """
             where c.organization_id = ? and c.memory_id = ? and c.said_at >= ?
               and c.valid_to is null and (c.expires_at is null or c.expires_at > ?)
               and (c.min_assurance <= ?::recaller.assurance or c.call_id = ?::uuid)
             order by c.said_at, c.turn""";

    /**
     * Whose chunks, and which.
     *
     * @param since those said from then on; the memory's epoch or later
     * @param model whose vectors to bring; null: none
     */
    record Wanted(
            MemoryId memory,
            Instant since,
            Instant now,
            Assurance assurance,
            @Nullable UUID callId,
            @Nullable String model) {}

    /** Chunks in the order they were said, and the vectors of those that have some. */
    record Found(List<Remembered> chunks, Map<UUID, Vectors> vectors) {}

    private ReadableChunks() {}

    static Found read(DSLContext tx, Wanted wanted) {
        return tx.connectionResult(connection -> read(connection, wanted));
    }

    private static Found read(Connection connection, Wanted wanted) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql(wanted))) {
            int parameter = 1;
            if (wanted.model() != null) {
                query.setString(parameter++, wanted.model());
            }
            query.setString(parameter++, wanted.memory().organizationId());
            query.setObject(parameter++, wanted.memory().value());
            query.setObject(parameter++, time(wanted.since()));
            query.setObject(parameter++, time(wanted.now()));
            query.setString(parameter++, Rows.text(wanted.assurance()));
            query.setObject(parameter, wanted.callId());
            List<Remembered> chunks = new ArrayList<>();
            Map<UUID, Vectors> vectors = new HashMap<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    Remembered chunk = chunk(rows);
                    chunks.add(chunk);
                    byte[] turn = wanted.model() == null ? null : rows.getBytes(13);
                    if (turn != null) {
                        vectors.put(
                                chunk.id(), new Vectors(floats(turn), floats(rows.getBytes(14)), rows.getBytes(15)));
                    }
                }
            }
            return new Found(chunks, vectors);
        }
    }

    static String sql(Wanted wanted) {
        String from = "from recaller.memory_chunks c";
        return wanted.model() == null
                ? String.join("\n", COLUMNS, from, WHERE)
                : String.join("\n", COLUMNS + VECTORS, from, JOIN, WHERE);
    }

    static byte[] bytes(float[] floats) {
        ByteBuffer bytes = ByteBuffer.allocate(floats.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(floats);
        return bytes.array();
    }

    private static float[] floats(byte[] bytes) {
        float[] floats = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    private static Remembered chunk(ResultSet row) throws SQLException {
        MemoryChunk.Type type = Rows.value(MemoryChunk.Type.class, row.getString(3));
        int turn = row.getInt(8);
        boolean hasTurn = !row.wasNull();
        String speaker = row.getString(9);
        var chunk = new MemoryChunk(
                new ChunkId(row.getObject(1, UUID.class)),
                type,
                row.getString(4),
                row.getFloat(5),
                List.of((String[]) array(row.getArray(6))),
                row.getObject(7, UUID.class),
                hasTurn ? turn : null,
                speaker == null ? null : Rows.value(Speaker.class, speaker),
                row.getObject(10, OffsetDateTime.class).toInstant(),
                row.getInt(12));
        boolean isTurn = type == MemoryChunk.Type.CONVERSATION;
        List<UUID> sources = isTurn ? List.of() : List.of((UUID[]) array(row.getArray(11)));
        return new Remembered(row.getObject(2, UUID.class), chunk, sources);
    }

    private static Object array(Array array) throws SQLException {
        return array.getArray();
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
