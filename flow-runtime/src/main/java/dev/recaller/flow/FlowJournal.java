package dev.recaller.flow;

import java.util.Optional;
import java.util.UUID;

/**
 * Keeps where live calls stand, so that another worker can go on with them. Any thread. Saving and ending never fail a
 * call and hold it up for half a second at most: what was not saved is in the next state as well.
 */
public interface FlowJournal {

    /** Keeps nothing. */
    FlowJournal NONE = new FlowJournal() {
        @Override
        public boolean save(FlowState state) {
            return false;
        }

        @Override
        public Optional<FlowState> find(String organizationId, UUID callId) {
            return Optional.empty();
        }

        @Override
        public void ended(String organizationId, UUID callId) {}
    };

    /** A journal that lives as long as this process. */
    static FlowJournal inMemory() {
        return new MemoryJournal();
    }

    /**
     * Keeps this state in place of an older one of the same call; one that is older than what is kept changes nothing.
     *
     * @return whether it is kept for certain
     */
    boolean save(FlowState state);

    /**
     * Where a call that did not end stands. May take seconds.
     *
     * @throws FlowStateException when another version of this program wrote it
     * @throws RuntimeException when the journal cannot be read now
     */
    Optional<FlowState> find(String organizationId, UUID callId);

    /** Forgets a call that ended. */
    void ended(String organizationId, UUID callId);
}
