package dev.recaller.flow.line;

import static java.util.Objects.requireNonNull;

/** What came of telephoning somebody beside the caller. */
public sealed interface Consulted {

    /** They picked up. Whoever asked for them closes this. */
    record Reached(Consultation consultation) implements Consulted {}

    /**
     * Nobody picked up, or a machine did, or the caller hung up meanwhile.
     *
     * @param how never {@link Transferred.Done}
     */
    record NotReached(Transferred how) implements Consulted {
        public NotReached {
            if (requireNonNull(how, "how is null") instanceof Transferred.Done) {
                throw new IllegalArgumentException("nobody was reached, and it is done");
            }
        }
    }
}
