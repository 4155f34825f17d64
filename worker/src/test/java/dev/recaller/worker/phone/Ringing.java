package dev.recaller.worker.phone;

import java.time.Duration;

/** A telephone that is called and rings. One thread uses it. */
public interface Ringing {
    /** Who is called: the number as it was dialled. */
    String number();

    Phone pickUp() throws InterruptedException;

    /** Does not take the call, in SIP's words. */
    void refuse(int status, String reason);

    /** Whether the caller gave up within the limit. */
    boolean awaitGivenUp(Duration limit) throws InterruptedException;
}
