package dev.recaller.flow.model;

import org.jspecify.annotations.Nullable;

/** No model answered (refused, failed, too slow), all fallbacks spent. */
public final class ModelException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ModelException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
