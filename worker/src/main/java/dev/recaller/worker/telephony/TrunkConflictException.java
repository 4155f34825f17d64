package dev.recaller.worker.telephony;

/** Trunks or rules are there that do not go together with what is wanted; the message says what to do. */
public final class TrunkConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TrunkConflictException(String message) {
        super(message);
    }
}
