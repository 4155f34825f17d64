package dev.recaller.memory;

import static dev.recaller.sql.schema.Tables.AUDIT;
import static dev.recaller.sql.schema.Tables.CALLS;

import dev.recaller.memory.extract.Evidence;
import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.extract.Extractor;
import dev.recaller.memory.extract.Instructions;
import dev.recaller.memory.extract.Redaction;
import dev.recaller.memory.extract.Sentences;
import dev.recaller.memory.extract.Utterance;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.impl.DSL;

/** Stores what a model proposes of a call, once a call and version of the extractor. */
final class Extracting {

    private static final int LONGEST_SUMMARY = 1_000;
    private static final String ACTION = "extraction";
    private static final JSONB EXTRACTOR = JSONB.valueOf("{\"extractor\": \"" + Extractor.VERSION + "\"}");

    private final Stores stores;

    Extracting(Stores stores) {
        this.stores = stores;
    }

    Optional<MemoryId> memoryOf(String organizationId, UUID callId) {
        return stores.read(organizationId, tx -> stores.chunks().memoryOf(tx, organizationId, callId));
    }

    List<Utterance> utterances(MemoryId memory, UUID callId) {
        return stores.read(memory.organizationId(), tx -> {
            UserMemoryRecord row = stores.identities().get(tx, memory);
            return row == null ? List.of() : utterances(tx, IdentityStore.id(row), callId);
        });
    }

    boolean isStored(MemoryId memory, UUID callId) {
        Condition done = AUDIT.ORGANIZATION_ID
                .eq(memory.organizationId())
                .and(AUDIT.CALL_ID.eq(callId))
                .and(AUDIT.ACTION.eq(DSL.inline(ACTION))) // a literal, as its index has it
                .and(DSL.jsonbGetAttributeAsText(AUDIT.DETAIL, "extractor").eq(Integer.toString(Extractor.VERSION)));
        return stores.read(
                memory.organizationId(),
                tx -> tx.fetchExists(tx.selectFrom(AUDIT).where(done)));
    }

    Optional<String> summary(String organizationId, UUID callId) {
        return stores.read(
                organizationId,
                tx -> tx.select(CALLS.SUMMARY)
                        .from(CALLS)
                        .where(CALLS.ORGANIZATION_ID.eq(organizationId), CALLS.ID.eq(callId), CALLS.SUMMARY.isNotNull())
                        .fetchOptional(CALLS.SUMMARY));
    }

    /** Returns how many statements were stored; none when this call's extraction is stored already. */
    int store(MemoryId memory, UUID callId, MemoryConfiguration configuration, Extraction extraction) {
        return stores.<Integer>write(
                memory.organizationId(), tx -> store(tx, memory, callId, configuration, extraction));
    }

    private int store(
            DSLContext tx, MemoryId memory, UUID callId, MemoryConfiguration configuration, Extraction extraction) {
        UserMemoryRecord row = stores.identities().lock(tx, memory);
        if (row == null) {
            throw MemoryException.notFound(memory);
        }
        MemoryId live = IdentityStore.id(row);
        Instant now = stores.now();
        if (!begin(tx, live, callId, now)) {
            return 0;
        }
        var proposals = new Proposals(stores, tx, live, callId, row.getEpochStartedAt(), configuration.retentionDays());
        int stored = 0;
        if (configuration.extractEntities()) {
            stored += proposals.storeEntities(extraction.entities());
            stored += proposals.storeRelationships(extraction.relationships());
            stored += proposals.storeFacts(extraction.facts());
        }
        if (configuration.extractPreferences()) {
            stored += proposals.storePreferences(extraction.preferences());
        }
        summarise(tx, live, callId, extraction.summary());
        if (stored > 0) {
            stores.identities().revise(tx, memory);
        }
        return stored;
    }

    private boolean begin(DSLContext tx, MemoryId memory, UUID callId, Instant now) {
        return tx.insertInto(AUDIT)
                        .set(AUDIT.ORGANIZATION_ID, memory.organizationId())
                        .set(AUDIT.ID, stores.ids().next())
                        .set(AUDIT.ACTOR, "worker")
                        .set(AUDIT.ACTION, ACTION)
                        .set(AUDIT.MEMORY_ID, memory.value())
                        .set(AUDIT.CALL_ID, callId)
                        .set(AUDIT.DETAIL, EXTRACTOR)
                        .set(AUDIT.CREATED_AT, now)
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    /** Keeps the sentences without a number, address or name nobody said. A call without a row has no place for them. */
    private void summarise(DSLContext tx, MemoryId memory, UUID callId, String proposed) {
        Evidence said = Evidence.of(
                utterances(tx, memory, callId).stream().map(Utterance::text).toList());
        String summary = Sentences.of(proposed).stream()
                .filter(sentence -> said.introducesNothing(sentence) && !Instructions.claimStanding(sentence))
                .map(sentence -> Redaction.apply(sentence, null))
                .collect(Collectors.joining(" "));
        if (!summary.isEmpty() && summary.length() <= LONGEST_SUMMARY) {
            tx.update(CALLS)
                    .set(CALLS.SUMMARY, summary)
                    .where(CALLS.ORGANIZATION_ID.eq(memory.organizationId()), CALLS.ID.eq(callId))
                    .execute();
        }
    }

    private List<Utterance> utterances(DSLContext tx, MemoryId memory, UUID callId) {
        return stores.chunks().call(tx, memory, callId).stream()
                .map(Call::utterance)
                .toList();
    }
}
