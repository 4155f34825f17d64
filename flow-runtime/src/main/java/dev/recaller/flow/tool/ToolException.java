package dev.recaller.flow.tool;

import org.jspecify.annotations.Nullable;

/** A tool did not do what it was called for. The message is read by the model and must hold nothing secret. */
public final class ToolException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ToolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
