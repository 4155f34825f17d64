package dev.recaller.worker.control;

/** Told of the control API's requests. Any thread; returns at once. */
public interface ControlListener {

    /** Why nobody was asked who asked: a request without a key that holds. */
    enum Denied {
        /** There was none. */
        KEY_MISSING,
        /** Of nobody, or expired, revoked, not valid yet. */
        KEY_UNKNOWN,
        /** Too many were tried. */
        RATE_LIMIT
    }

    void denied(Denied why);
}
