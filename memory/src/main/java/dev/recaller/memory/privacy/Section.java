package dev.recaller.memory.privacy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The parts of a document's content, in the order they are imported in: which columns of which table, under which names.
 * One list for both ways, so that what is written is what is read.
 */
enum Section {
    MEMORIES(
            "user_memory",
            "m.id",
            "id uuid, userId text, phoneNumber text, conversationCount bigint, totalTokens bigint,"
                    + " lastInteractionAt timestamptz, epochStartedAt timestamptz, mergedInto uuid, createdAt timestamptz,"
                    + " updatedAt timestamptz"),
    CHUNKS(
            "memory_chunks",
            "m.memory_id",
            "id uuid, memoryId uuid, type text, content text, importance real, topics text[], callId uuid, turn integer,"
                    + " speaker text, saidAt timestamptz, sourceChunks uuid[], minAssurance recaller.assurance,"
                    + " validFrom timestamptz, validTo timestamptz, tokens bigint, expiresAt timestamptz,"
                    + " createdAt timestamptz"),
    ENTITIES(
            "entities",
            "m.memory_id",
            "id uuid, memoryId uuid, type text, name text, role text, attributes jsonb, firstMentionedAt timestamptz,"
                    + " lastMentionedAt timestamptz, mentionCount bigint, minAssurance recaller.assurance,"
                    + " expiresAt timestamptz, createdAt timestamptz"),
    RELATIONSHIPS(
            "entity_relationships",
            "m.memory_id",
            "id uuid, memoryId uuid, sourceId uuid, relation text, targetId uuid, validFrom timestamptz,"
                    + " validTo timestamptz, sourceChunk uuid, minAssurance recaller.assurance, expiresAt timestamptz,"
                    + " createdAt timestamptz"),
    PREFERENCES(
            "preferences",
            "m.memory_id",
            "id uuid, memoryId uuid, key text, value text, category text, confidence real, sourceChunk uuid,"
                    + " validFrom timestamptz, validTo timestamptz, minAssurance recaller.assurance,"
                    + " expiresAt timestamptz, createdAt timestamptz"),
    CALLS(
            "calls",
            "m.memory_id",
            "id uuid, memoryId uuid, flowId text, flowVersion integer, room text, roomSid text, sipCallId text,"
                    + " sipTrunkId text, startedAt timestamptz, answeredAt timestamptz, endedAt timestamptz,"
                    + " endReason text, summary text, expiresAt timestamptz, createdAt timestamptz"),
    // What follows is read only: the record of what happened.
    CONSENTS(
            "consents",
            "m.memory_id",
            "id uuid, memoryId uuid, grantee text, categories text[], purpose text, evidence text, expiresAt timestamptz,"
                    + " revokedAt timestamptz, createdAt timestamptz"),
    MERGES(
            "merges",
            "m.into_id",
            "id uuid, kind text, intoId uuid, fromId uuid, undoneAt timestamptz, createdAt timestamptz"),
    AUDIT("audit", "m.memory_id", "id uuid, actor text, action text, createdAt timestamptz");

    static final List<Section> CONTENT = List.of(MEMORIES, CHUNKS, ENTITIES, RELATIONSHIPS, PREFERENCES, CALLS);
    static final List<Section> RECORD = List.of(CONSENTS, MERGES, AUDIT);

    private record Column(String name, String type) {

        String column() {
            return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        }
    }

    private final String table;
    private final String owner;
    private final String columns;

    Section(String table, String owner, String columns) {
        this.table = table;
        this.owner = owner;
        this.columns = columns;
    }

    /** Its name in a document. */
    String field() {
        return name().toLowerCase(Locale.ROOT);
    }

    String table() {
        return table;
    }

    /** An expression for all rows of the memories in {@code memories}, of the transaction's organization, as a JSON array by id. */
    String select() {
        String fields = columns()
                .map(column -> "'" + column.name() + "', " + value(column))
                .collect(Collectors.joining(", "));
        return "(select coalesce(jsonb_agg(jsonb_build_object(" + fields + ") order by m.id), '[]') from recaller."
                + table
                + " m where m.organization_id = recaller.organization() and " + owner
                + " in (select id from memories))";
    }

    /** A statement that inserts the rows of a JSON array, its parameter. */
    String insert() {
        String names = columns().map(Column::column).collect(Collectors.joining(", "));
        String values = columns().map(column -> "r.\"" + column.name() + "\"").collect(Collectors.joining(", "));
        String types = columns()
                .map(column -> "\"" + column.name() + "\" " + column.type())
                .collect(Collectors.joining(", "));
        return "insert into recaller." + table + " (organization_id, " + names + ") select recaller.organization(), "
                + values + " from jsonb_to_recordset(?::jsonb) as r(" + types + ")";
    }

    private Stream<Column> columns() {
        return Arrays.stream(columns.split(", ", -1))
                .map(column -> column.split(" ", 2))
                .map(column -> new Column(column[0], column[1]));
    }

    private static String value(Column column) {
        return column.type().equals("timestamptz")
                ? "to_char(m." + column.column() + " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                : "m." + column.column();
    }
}
