package dev.recaller.flow;

import org.jspecify.annotations.Nullable;

/** A stored state that this version of the program cannot go on from. */
public final class FlowStateException extends RuntimeException {

    private static final long serialVersionUID = 1;

    FlowStateException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
