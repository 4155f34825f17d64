package dev.recaller.memory;

import static dev.recaller.sql.schema.Tables.MEMORY_CHUNKS;

import dev.recaller.memory.extract.Sentences;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.sql.schema.tables.records.MemoryChunksRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Facts and events, as rows of {@code memory_chunks} that point at the turns they come from. */
final class FactStore {

    /** As an event's sentence has it. */
    private static final Pattern DATE = Pattern.compile("\\b\\d{4}-\\d{2}-\\d{2}\\b");

    private final TimeOrderedIds ids;

    FactStore(TimeOrderedIds ids) {
        this.ids = ids;
    }

    /**
     * Something the caller's turns say.
     *
     * @param evidence turns of one call in order, never empty
     */
    record Statement(
            MemoryChunk.Type type,
            String content,
            double importance,
            List<String> topics,
            List<MemoryChunksRecord> evidence,
            Assurance minimum) {}

    /**
     * Stores a statement; one of the same speaker that says the same already takes its sources and lives longer.
     *
     * @param sameSpeaker of the call with this id
     * @return whether it is new
     */
    boolean state(
            DSLContext tx,
            MemoryId memory,
            Statement statement,
            @Nullable Instant epoch,
            Predicate<UUID> sameSpeaker,
            int retentionDays) {
        MemoryChunksRecord last = statement.evidence().getLast();
        UUID[] sources =
                statement.evidence().stream().map(MemoryChunksRecord::getId).toArray(UUID[]::new);
        String key = Sentences.key(statement.content());
        for (MemoryChunksRecord known : current(tx, memory, epoch)) {
            if (Sentences.key(known.getContent()).equals(key)
                    && (known.getCallId() == null || sameSpeaker.test(known.getCallId()))) {
                repeat(tx, known, statement, sources, retentionDays);
                return false;
            }
        }
        var row = new MemoryChunksRecord();
        row.setOrganizationId(memory.organizationId());
        row.setId(ids.next());
        row.setMemoryId(memory.value());
        row.setType(Rows.text(statement.type()));
        row.setContent(statement.content());
        row.setImportance((float) statement.importance());
        row.setTopics(statement.topics().toArray(String[]::new));
        row.setCallId(last.getCallId());
        row.setTurn(last.getTurn());
        row.setSpeaker(last.getSpeaker());
        row.setSaidAt(last.getSaidAt());
        row.setValidFrom(last.getSaidAt());
        row.setSourceChunks(sources);
        row.setMinAssurance(Rows.stored(statement.minimum()));
        row.setTokens((long) Rows.tokens(statement.content()));
        row.setExpiresAt(Rows.expiry(last.getSaidAt(), retentionDays));
        tx.insertInto(MEMORY_CHUNKS).set(row).execute();
        return true;
    }

    private static List<MemoryChunksRecord> current(DSLContext tx, MemoryId memory, @Nullable Instant epoch) {
        Condition extracted = MEMORY_CHUNKS
                .TYPE
                .in(Rows.text(MemoryChunk.Type.FACT), Rows.text(MemoryChunk.Type.EVENT))
                .andNot(MEMORY_CHUNKS.TOPICS.contains(new String[] {ChunkStore.CALLER_NAME}));
        return tx.selectFrom(MEMORY_CHUNKS)
                .where(
                        MEMORY_CHUNKS.ORGANIZATION_ID.eq(memory.organizationId()),
                        MEMORY_CHUNKS.MEMORY_ID.eq(memory.value()),
                        MEMORY_CHUNKS.VALID_TO.isNull())
                .and(extracted)
                .and(epoch == null ? DSL.noCondition() : MEMORY_CHUNKS.SAID_AT.ge(epoch))
                .fetch();
    }

    /** The day of an event that is not over, wherever the caller is; null for everything else. */
    static @Nullable LocalDate comingOn(MemoryChunk chunk, Instant now) {
        Matcher dates = DATE.matcher(chunk.type() == MemoryChunk.Type.EVENT ? chunk.content() : "");
        LocalDate yesterday = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(1);
        while (dates.find()) {
            try {
                LocalDate date = LocalDate.parse(dates.group());
                if (!date.isBefore(yesterday)) {
                    return date;
                }
            } catch (DateTimeParseException e) {
                // 2026-02-31 is no day: as if nothing stood there.
            }
        }
        return null;
    }

    /** The assurance it needs stays as it is: a second mention makes nothing less private. */
    private static void repeat(
            DSLContext tx, MemoryChunksRecord known, Statement statement, UUID[] sources, int retentionDays) {
        MemoryChunksRecord last = statement.evidence().getLast();
        UUID[] all = Stream.concat(Arrays.stream(known.getSourceChunks()), Arrays.stream(sources))
                .distinct()
                .toArray(UUID[]::new);
        tx.update(MEMORY_CHUNKS)
                .set(MEMORY_CHUNKS.SOURCE_CHUNKS, all)
                .set(MEMORY_CHUNKS.IMPORTANCE, (float) Math.max(known.getImportance(), statement.importance()))
                .set(MEMORY_CHUNKS.SAID_AT, DSL.greatest(MEMORY_CHUNKS.SAID_AT, DSL.val(last.getSaidAt())))
                .set(
                        MEMORY_CHUNKS.EXPIRES_AT,
                        DSL.greatest(MEMORY_CHUNKS.EXPIRES_AT, DSL.val(Rows.expiry(last.getSaidAt(), retentionDays))))
                .where(MEMORY_CHUNKS.ORGANIZATION_ID.eq(known.getOrganizationId()), MEMORY_CHUNKS.ID.eq(known.getId()))
                .execute();
    }
}
