package dev.recaller.memory;

import static dev.recaller.sql.schema.Tables.MEMORY_CHUNKS;

import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.sql.schema.tables.records.MemoryChunksRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What was said and what is known of it, row by row. */
final class ChunkStore {

    /** Topic of the fact that says by which name the caller of a call went. */
    static final String CALLER_NAME = "caller_name";

    private static final String NAME_FACT = "The caller's name is %s.";

    /** The type as a literal: with a parameter the index of a call's turns, which has no others, cannot be used. */
    private static final Condition IS_TURN =
            MEMORY_CHUNKS.TYPE.eq(DSL.inline(Rows.text(MemoryChunk.Type.CONVERSATION)));

    /**
     * Parameters: organization, memory, call; ids, contents, turns, speakers, times, assurances, tokens and expiries of the
     * turns; 1 when they are the call's first, now, organization, memory.
     */
    private static final String ADD_TURNS = """
            with added as (
              insert into recaller.memory_chunks (organization_id, memory_id, call_id, type, id, content, turn, speaker,
                said_at, valid_from, min_assurance, tokens, expires_at)
              select ?, ?, ?, 'conversation', id, content, turn, speaker, said_at, said_at, minimum, tokens, expires_at
              from unnest(?::uuid[], ?::text[], ?::int[], ?::text[], ?::text[]::timestamptz[],
                ?::text[]::recaller.assurance[], ?::bigint[], ?::text[]::timestamptz[])
                as turns (id, content, turn, speaker, said_at, minimum, tokens, expires_at)
              on conflict (organization_id, call_id, turn) where type = 'conversation' do nothing
              returning id, tokens, said_at),
            counted as (
              update recaller.user_memory set
                conversation_count = conversation_count + ?,
                total_tokens = total_tokens + (select sum(tokens) from added),
                last_interaction_at = greatest(last_interaction_at, (select max(said_at) from added)),
                updated_at = ?::timestamptz
              where organization_id = ? and id = ? and exists (select from added))
            select id from added""";

    private final TimeOrderedIds ids;

    ChunkStore(TimeOrderedIds ids) {
        this.ids = ids;
    }

    /** A turn to be stored. */
    MemoryChunksRecord turn(MemoryId memory, UUID callId, Turn turn, Assurance minimum, int retentionDays) {
        Instant saidAt = turn.saidAt().truncatedTo(ChronoUnit.MICROS);
        MemoryChunksRecord row =
                row(memory, MemoryChunk.Type.CONVERSATION, turn.text(), saidAt, minimum, retentionDays);
        row.setCallId(callId);
        row.setTurn(turn.index());
        row.setSpeaker(Rows.text(turn.speaker()));
        return row;
    }

    /**
     * Stores turns of one call unless they are stored, and counts what is new in its memory.
     *
     * @param first whether no turn of the call was stored before
     * @return ids of those that are new
     */
    Set<UUID> addTurns(
            DSLContext tx, MemoryId memory, UUID callId, List<MemoryChunksRecord> turns, boolean first, Instant now) {
        if (turns.isEmpty()) {
            return Set.of();
        }
        return tx.fetch(
                        ADD_TURNS,
                        memory.organizationId(),
                        memory.value(),
                        callId,
                        turns.stream().map(MemoryChunksRecord::getId).toArray(UUID[]::new),
                        turns.stream().map(MemoryChunksRecord::getContent).toArray(String[]::new),
                        turns.stream().map(MemoryChunksRecord::getTurn).toArray(Integer[]::new),
                        turns.stream().map(MemoryChunksRecord::getSpeaker).toArray(String[]::new),
                        turns.stream().map(row -> row.getSaidAt().toString()).toArray(String[]::new),
                        turns.stream()
                                .map(row -> row.getMinAssurance().getLiteral())
                                .toArray(String[]::new),
                        turns.stream().map(MemoryChunksRecord::getTokens).toArray(Long[]::new),
                        turns.stream().map(row -> row.getExpiresAt().toString()).toArray(String[]::new),
                        first ? 1 : 0,
                        now.toString(),
                        memory.organizationId(),
                        memory.value())
                .intoSet(0, UUID.class);
    }

    UUID add(DSLContext tx, MemoryId memory, NewChunk chunk, Assurance minimum, int retentionDays, Instant now) {
        MemoryChunksRecord row = row(memory, chunk.type(), chunk.content(), now, minimum, retentionDays);
        row.setImportance((float) chunk.importance());
        row.setTopics(chunk.topics().toArray(String[]::new));
        tx.insertInto(MEMORY_CHUNKS).set(row).execute();
        return row.getId();
    }

    /** The memory that a call's turns went to. */
    Optional<MemoryId> memoryOf(DSLContext tx, String organizationId, UUID callId) {
        return tx.select(MEMORY_CHUNKS.MEMORY_ID)
                .from(MEMORY_CHUNKS)
                .where(MEMORY_CHUNKS.ORGANIZATION_ID.eq(organizationId), MEMORY_CHUNKS.CALL_ID.eq(callId), IS_TURN)
                .limit(1)
                .fetchOptional(MEMORY_CHUNKS.MEMORY_ID)
                .map(memory -> new MemoryId(organizationId, memory));
    }

    /** The turns of one call in order. */
    List<MemoryChunksRecord> call(DSLContext tx, MemoryId memory, UUID callId) {
        return tx.selectFrom(MEMORY_CHUNKS)
                .where(of(memory), MEMORY_CHUNKS.CALL_ID.eq(callId), IS_TURN)
                .orderBy(MEMORY_CHUNKS.TURN)
                .fetch();
    }

    /** The last turns, oldest of them first. */
    List<MemoryChunksRecord> history(DSLContext tx, MemoryId memory, @Nullable Instant epoch, Instant now, int limit) {
        return tx.selectFrom(MEMORY_CHUNKS)
                .where(of(memory), current(epoch, now), IS_TURN)
                .orderBy(MEMORY_CHUNKS.SAID_AT.desc(), MEMORY_CHUNKS.TURN.desc())
                .limit(limit)
                .fetch()
                .reversed();
    }

    /** Replaces the fact that says by which name the caller of this call goes; returns it. */
    String setCallerName(DSLContext tx, MemoryId memory, MemoryChunksRecord source, String name, int retentionDays) {
        String content = NAME_FACT.formatted(name);
        MemoryChunksRecord known = tx.selectFrom(MEMORY_CHUNKS)
                .where(of(memory), MEMORY_CHUNKS.CALL_ID.eq(source.getCallId()), nameFact())
                .fetchOne();
        if (known != null
                && known.getContent().equals(content)
                && source.getTurn().equals(known.getTurn())) {
            return content;
        }
        tx.deleteFrom(MEMORY_CHUNKS)
                .where(of(memory), MEMORY_CHUNKS.CALL_ID.eq(source.getCallId()), nameFact())
                .execute();
        MemoryChunksRecord row = row(
                memory,
                MemoryChunk.Type.FACT,
                content,
                source.getSaidAt(),
                Call.minimumOfName(List.of(source)),
                retentionDays);
        row.setImportance(0.9f);
        row.setTopics(new String[] {CALLER_NAME});
        row.setCallId(source.getCallId());
        row.setTurn(source.getTurn());
        row.setSpeaker(source.getSpeaker());
        row.setSourceChunks(new UUID[] {source.getId()});
        tx.insertInto(MEMORY_CHUNKS).set(row).execute();
        return content;
    }

    /** The name the caller of a call went by; null when none was said. */
    @Nullable
    String callerNameOf(DSLContext tx, MemoryId memory, UUID callId) {
        MemoryChunksRecord fact = tx.selectFrom(MEMORY_CHUNKS)
                .where(of(memory), MEMORY_CHUNKS.CALL_ID.eq(callId), nameFact())
                .fetchOne();
        return fact == null ? null : callerName(fact.getContent());
    }

    /** The name in a fact of topic {@link #CALLER_NAME}. */
    static String callerName(String fact) {
        int at = NAME_FACT.indexOf("%s");
        return fact.substring(at, fact.length() - (NAME_FACT.length() - at - 2));
    }

    /**
     * The first interaction after the last silence of {@link IdentityStore#SILENCE} between {@code since} and {@code
     * until}; null when there was none so long. The interactions are the stored turns and {@code until} itself.
     */
    @Nullable
    Instant resumedAfterSilence(DSLContext tx, MemoryId memory, Instant since, Instant until) {
        return tx.fetchSingle(
                        """
                        select max(next) from (
                          select at, lead(at) over (order by at) as next from (
                            select ?::timestamptz as at
                            union all select ?::timestamptz
                            union all select said_at from recaller.memory_chunks
                              where organization_id = ? and memory_id = ? and type = 'conversation'
                                and said_at between ?::timestamptz and ?::timestamptz) interactions) gaps
                        where next - at >= ? * interval '1 day'""",
                        since.toString(),
                        until.toString(),
                        memory.organizationId(),
                        memory.value(),
                        since.toString(),
                        until.toString(),
                        IdentityStore.SILENCE.toDays())
                .get(0, Instant.class);
    }

    static MemoryChunk chunk(MemoryChunksRecord row) {
        return new MemoryChunk(
                new ChunkId(row.getId()),
                Rows.value(MemoryChunk.Type.class, row.getType()),
                row.getContent(),
                row.getImportance(),
                List.of(row.getTopics()),
                row.getCallId(),
                row.getTurn(),
                row.getSpeaker() == null ? null : Rows.value(Speaker.class, row.getSpeaker()),
                row.getSaidAt(),
                Math.toIntExact(row.getTokens()));
    }

    private MemoryChunksRecord row(
            MemoryId memory,
            MemoryChunk.Type type,
            String content,
            Instant saidAt,
            Assurance minimum,
            int retentionDays) {
        var row = new MemoryChunksRecord();
        row.setOrganizationId(memory.organizationId());
        row.setId(ids.next());
        row.setMemoryId(memory.value());
        row.setType(Rows.text(type));
        row.setContent(content);
        row.setSaidAt(saidAt);
        row.setValidFrom(saidAt);
        row.setMinAssurance(Rows.stored(minimum));
        row.setTokens((long) Rows.tokens(content));
        row.setExpiresAt(Rows.expiry(saidAt, retentionDays));
        return row;
    }

    private static Condition of(MemoryId memory) {
        return MEMORY_CHUNKS
                .ORGANIZATION_ID
                .eq(memory.organizationId())
                .and(MEMORY_CHUNKS.MEMORY_ID.eq(memory.value()));
    }

    private static Condition nameFact() {
        return MEMORY_CHUNKS.TYPE.eq(Rows.text(MemoryChunk.Type.FACT)).and(MEMORY_CHUNKS.TOPICS.contains(new String[] {
            CALLER_NAME
        }));
    }

    private static Condition current(@Nullable Instant epoch, Instant now) {
        return MEMORY_CHUNKS
                .VALID_TO
                .isNull()
                .and(MEMORY_CHUNKS.EXPIRES_AT.isNull().or(MEMORY_CHUNKS.EXPIRES_AT.gt(now)))
                .and(epoch == null ? DSL.noCondition() : MEMORY_CHUNKS.SAID_AT.ge(epoch));
    }
}
