package dev.recaller.flow.line;

/** How a transfer ended. After {@code Done} the caller talks with somebody else and this line is over. */
public sealed interface Transferred {

    record Done() implements Transferred {}

    record Busy() implements Transferred {}

    record NoAnswer() implements Transferred {}

    /**
     * It did not work.
     *
     * @param why for the log: a SIP status, or what the line cannot do
     */
    record Failed(String why) implements Transferred {}

    /** The caller hung up meanwhile. */
    record HungUp() implements Transferred {}
}
