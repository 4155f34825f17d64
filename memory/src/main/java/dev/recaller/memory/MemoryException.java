package dev.recaller.memory;

import org.jspecify.annotations.Nullable;

/** Memory could not answer. The code says why; nothing was changed. */
public final class MemoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public enum Code {
        /** The time allowed ran out. */
        TIMEOUT,
        /** The database cannot be reached or refused. */
        UNAVAILABLE,
        /** What was asked for does not exist in this organization. */
        NOT_FOUND
    }

    private final Code code;

    private MemoryException(Code code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public static MemoryException timeout(Throwable cause) {
        return new MemoryException(Code.TIMEOUT, "memory did not answer in time", cause);
    }

    public static MemoryException unavailable(Throwable cause) {
        return new MemoryException(Code.UNAVAILABLE, "memory's database cannot be used: " + cause.getMessage(), cause);
    }

    public static MemoryException notFound(MemoryId memory) {
        return new MemoryException(Code.NOT_FOUND, "no memory " + memory.value() + " in this organization", null);
    }

    public Code code() {
        return code;
    }
}
