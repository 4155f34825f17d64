package dev.recaller.flow.line;

import dev.recaller.flow.EndReason;

/** A part of the line broke for good (its own retries and fallbacks are spent); the call ends with this reason. */
public final class LineException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final EndReason reason;

    private LineException(EndReason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public static LineException speech(Throwable cause) {
        return new LineException(EndReason.SPEECH_ERROR, "text could not be made speech: " + cause.getMessage(), cause);
    }

    public static LineException transcription(Throwable cause) {
        return new LineException(
                EndReason.TRANSCRIPTION_ERROR, "speech could not be made text: " + cause.getMessage(), cause);
    }

    public EndReason reason() {
        return reason;
    }
}
