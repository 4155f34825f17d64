package dev.recaller.flow.line;

/** How a transfer ended. After {@code Done} the caller talks with somebody else and this line is over. */
public sealed interface Transferred {

    record Done() implements Transferred {}

    /**
     * They talk with somebody else.
     *
     * @param sipStatus what the network answered; 0 if it was no SIP
     */
    record Busy(int sipStatus) implements Transferred {}

    /**
     * They did not pick up.
     *
     * @param sipStatus what the network answered; 0 if nobody answered anything
     */
    record NoAnswer(int sipStatus) implements Transferred {}

    /**
     * They do not want to talk.
     *
     * @param sipStatus what the network answered: 200 if they picked up to say so
     */
    record Declined(int sipStatus) implements Transferred {}

    /**
     * It did not work.
     *
     * @param sipStatus what the network answered; 0 if it did not come to that
     * @param why for the log
     */
    record Failed(int sipStatus, String why) implements Transferred {
        /** Of a line that cannot do it. */
        public Failed(String why) {
            this(0, why);
        }
    }

    /** The caller hung up meanwhile. */
    record HungUp() implements Transferred {}
}
