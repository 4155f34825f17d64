package dev.recaller.livekit.server;

import static java.util.Objects.requireNonNull;

/** What became of reaching somebody by telephone. */
public sealed interface SipOutcome {

    /** They picked up: the dialled telephone is in the room, the transferred caller is with somebody else. */
    record Connected() implements SipOutcome {}

    /**
     * They did not.
     *
     * @param sipStatus as the far end answered, 300 to 699; 0 if there was no answer of SIP
     * @param reason for people
     */
    record NotConnected(Cause cause, int sipStatus, String reason) implements SipOutcome {
        public NotConnected {
            requireNonNull(cause, "cause is null");
            requireNonNull(reason, "reason is null");
        }

        /**
         * The meaning of a status by RFC 3261, section 21 (607, 608: RFC 8197, RFC 8688). 480 is what a telephone says
         * that is switched off, and 487 what a call ends with that rang too long.
         */
        static NotConnected of(int sipStatus, String reason) {
            Cause cause =
                    switch (sipStatus) {
                        case 486, 600 -> Cause.BUSY;
                        case 408, 480, 487 -> Cause.NO_ANSWER;
                        case 401, 403, 407, 603, 607, 608 -> Cause.REJECTED;
                        default -> Cause.FAILED;
                    };
            return new NotConnected(cause, sipStatus, reason);
        }
    }

    /** Why not; a closed set, fit for a metric's label. */
    enum Cause {
        BUSY,
        /** It rang and nobody came, or the telephone cannot be reached now. */
        NO_ANSWER,
        /** The called person, their network or the carrier does not want the call. */
        REJECTED,
        /** There is no such number, or something between here and there is broken. */
        FAILED
    }
}
