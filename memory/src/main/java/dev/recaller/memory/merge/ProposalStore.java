package dev.recaller.memory.merge;

import static dev.recaller.sql.schema.Tables.MERGE_PROPOSALS;
import static dev.recaller.sql.schema.Tables.USER_MEMORY;

import dev.recaller.memory.MemoryId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Memories that may be one person's: recorded as callers give a user and a number, decided by an operator. */
final class ProposalStore {

    private final MergeStore memories;

    ProposalStore(MergeStore memories) {
        this.memories = memories;
    }

    List<Proposal> proposals(String organizationId) {
        var into = USER_MEMORY.as("into_memory");
        var from = USER_MEMORY.as("from_memory");
        return memories.run(
                organizationId,
                tx -> tx.select(
                                MERGE_PROPOSALS.ID,
                                into.ID,
                                from.ID,
                                into.USER_ID,
                                from.PHONE_NUMBER,
                                MERGE_PROPOSALS.CREATED_AT)
                        .from(MERGE_PROPOSALS)
                        .join(into)
                        .on(
                                into.ORGANIZATION_ID.eq(MERGE_PROPOSALS.ORGANIZATION_ID),
                                into.ID.eq(MERGE_PROPOSALS.INTO_ID))
                        .join(from)
                        .on(
                                from.ORGANIZATION_ID.eq(MERGE_PROPOSALS.ORGANIZATION_ID),
                                from.ID.eq(MERGE_PROPOSALS.FROM_ID))
                        .where(
                                MERGE_PROPOSALS.DISMISSED_AT.isNull(),
                                into.MERGED_INTO.isNull(),
                                from.MERGED_INTO.isNull())
                        .orderBy(MERGE_PROPOSALS.CREATED_AT, MERGE_PROPOSALS.ID)
                        .fetch(row -> new Proposal(
                                row.value1(),
                                new MemoryId(organizationId, row.value2()),
                                new MemoryId(organizationId, row.value3()),
                                row.value4(),
                                row.value5(),
                                row.value6())));
    }

    boolean dismiss(String organizationId, UUID proposalId, Instant at) {
        return memories.<Integer>run(
                        organizationId,
                        tx -> tx.update(MERGE_PROPOSALS)
                                .set(MERGE_PROPOSALS.DISMISSED_AT, at)
                                .where(
                                        MERGE_PROPOSALS.ORGANIZATION_ID.eq(organizationId),
                                        MERGE_PROPOSALS.ID.eq(proposalId),
                                        MERGE_PROPOSALS.DISMISSED_AT.isNull())
                                .execute())
                == 1;
    }
}
