package dev.recaller.worker.speech;

import org.jspecify.annotations.Nullable;

/** A service for speech, transcription or extraction refused, failed or was too slow. The message holds no secret and no caller's words. */
public final class ProviderException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean transientFailure;

    private ProviderException(String message, boolean transientFailure, @Nullable Throwable cause) {
        super(message, cause);
        this.transientFailure = transientFailure;
    }

    /** The same request may well succeed when sent again. */
    public static ProviderException failed(String message, @Nullable Throwable cause) {
        return new ProviderException(message, true, cause);
    }

    /** The same request would be refused again. */
    public static ProviderException refused(String message, @Nullable Throwable cause) {
        return new ProviderException(message, false, cause);
    }

    public boolean worthRepeating() {
        return transientFailure;
    }
}
