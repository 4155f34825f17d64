package dev.recaller.memory.extract;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** No extraction came of a request. The message holds no secret and nothing of what was said. */
public final class ExtractorException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public enum Reason {
        /** Too many requests; later the same one may succeed. */
        RATE_LIMITED,
        /** No answer in time. */
        TIMEOUT,
        /** The provider cannot be reached, failed or broke off. */
        UNAVAILABLE,
        /** The key or the account was refused: an operator may help, a minute will not hurt. */
        DENIED,
        /** The answer is cut, too large, or does not fit the schema; another one may. */
        INVALID_ANSWER,
        /** The request itself was refused, by the server or by the model: it would be again. */
        REFUSED;

        /** For labels and rows: {@code rate_limited}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Reason reason;
    private final @Nullable Duration retryAfter;

    public ExtractorException(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, null, cause);
    }

    /** @param retryAfter how long the provider asks to be left alone */
    public ExtractorException(Reason reason, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    public Reason reason() {
        return reason;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
