package dev.recaller.worker.speech;

import org.jspecify.annotations.Nullable;

/** A service for speech, transcription or extraction refused, failed or was too slow. The message holds no secret and no caller's words. */
public final class ProviderException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private enum Kind {
        FAILED,
        LATE,
        REFUSED
    }

    private final Kind kind;

    private ProviderException(String message, Kind kind, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** The same request may well succeed when sent again. */
    public static ProviderException failed(String message, @Nullable Throwable cause) {
        return new ProviderException(message, Kind.FAILED, cause);
    }

    /** The answer took too long; that of the same request may well come in time. */
    public static ProviderException late(String message, @Nullable Throwable cause) {
        return new ProviderException(message, Kind.LATE, cause);
    }

    /** The same request would be refused again. */
    public static ProviderException refused(String message, @Nullable Throwable cause) {
        return new ProviderException(message, Kind.REFUSED, cause);
    }

    public boolean worthRepeating() {
        return kind != Kind.REFUSED;
    }

    public boolean late() {
        return kind == Kind.LATE;
    }
}
