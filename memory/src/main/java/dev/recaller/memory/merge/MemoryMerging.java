package dev.recaller.memory.merge;

import dev.recaller.memory.MemoryException;
import dev.recaller.memory.MemoryId;
import dev.recaller.sql.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Merges two memories of one person and undoes it. Blocks; safe for use by any number of threads and beside running calls,
 * which wait for it. Each method is one transaction and changes everything or nothing. A database that fails or refuses is a
 * {@link MemoryException}.
 */
public final class MemoryMerging {

    private final MergeStore store;
    private final ProposalStore proposals;
    private final InstantSource clock;

    public MemoryMerging(Database database, InstantSource clock) {
        this.store = new MergeStore(database, clock);
        this.proposals = new ProposalStore(store);
        this.clock = clock;
    }

    /**
     * Moves what {@code from} remembers into {@code into}, which then is found by the identities of both, a number only as
     * long as no other user has it. Of what the two say differently the newest value of a key of the registry stands, of
     * others all values do, and the caller's names follow the rules of a call; what was decided is listed. What was set
     * aside in {@code from}, because its number was somebody else's then, stays there. Merging again changes nothing.
     *
     * @throws MemoryException {@code NOT_FOUND} when the organization has no such memory
     */
    public Merge merge(MemoryId into, MemoryId from) {
        if (!into.organizationId().equals(from.organizationId())) {
            return new Merge.Refused(
                    Refusal.OTHER_ORGANIZATION, "the two memories belong to two organizations: they stay apart");
        }
        return store.merge(into, from);
    }

    /**
     * Makes two memories again, exactly as they were, of what is left of them: rows that came after the merge stay with the
     * target, rows that were deleted since are not made up. A later merge of one of the two has to be undone first.
     */
    public Undo undo(String organizationId, UUID mergeId) {
        return store.undo(organizationId, mergeId);
    }

    /** Open proposals, oldest first: both memories live, nobody has dismissed them. */
    public List<Proposal> proposals(String organizationId) {
        return proposals.proposals(organizationId);
    }

    /** Closes a proposal for good: the two are not one person. False when there is no such open proposal. */
    public boolean dismiss(String organizationId, UUID proposalId) {
        return proposals.dismiss(organizationId, proposalId, clock.instant());
    }

    /**
     * Recalls again what was set aside when, after 180 days of silence, another name was introduced on a number: it was the
     * same person after all. Who goes by several names then has to say one to be greeted by it. Empty when nothing is set
     * aside.
     *
     * @throws MemoryException {@code NOT_FOUND} when the organization has no such memory
     */
    public Optional<Restored> restore(MemoryId memory) {
        return store.run(memory.organizationId(), tx -> Epochs.restore(tx, memory, clock.instant()));
    }
}
