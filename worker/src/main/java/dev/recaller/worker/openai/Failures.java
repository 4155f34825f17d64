package dev.recaller.worker.openai;

import com.openai.core.http.WebSocketHandshakeException;
import com.openai.errors.OpenAIServiceException;
import dev.recaller.flow.model.ModelException;
import dev.recaller.memory.extract.ExtractorException;
import dev.recaller.memory.extract.ExtractorException.Reason;
import dev.recaller.worker.speech.ProviderException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Says what went wrong with a request, without quoting what was sent. */
final class Failures {

    private Failures() {}

    /**
     * @param what the request in words, for example {@code speech by tts-1}
     * @throws InterruptedException when the request failed because its thread was interrupted
     */
    static ProviderException explain(String what, Exception e) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(what);
        }
        return provider(what, e);
    }

    static ProviderException provider(String what, Exception e) {
        String message = describe(what, e);
        boolean refused =
                switch (e) {
                    case OpenAIServiceException answer -> !worthRepeating(answer.statusCode());
                    case WebSocketHandshakeException answer -> !worthRepeating(answer.statusCode());
                    default -> false;
                };
        if (refused) {
            return ProviderException.refused(message, e);
        }
        return tookTooLong(e) ? ProviderException.late(message, e) : ProviderException.failed(message, e);
    }

    /** Of a chat model, with the {@link ProviderException} as its cause. */
    static ModelException model(String what, Exception e) {
        ProviderException why = provider(what, e);
        return new ModelException(String.valueOf(why.getMessage()), why);
    }

    /** What a failed request means to who may send it again later. */
    static ExtractorException extractor(String what, Exception e) {
        String message = describe(what, e);
        if (e instanceof OpenAIServiceException answer) {
            Reason reason =
                    switch (answer.statusCode()) {
                        case 429 -> Reason.RATE_LIMITED;
                        case 401, 403 -> Reason.DENIED;
                        case 408, 504 -> Reason.TIMEOUT;
                        default -> worthRepeating(answer.statusCode()) ? Reason.UNAVAILABLE : Reason.REFUSED;
                    };
            return new ExtractorException(reason, message, retryAfter(answer), e);
        }
        return new ExtractorException(tookTooLong(e) ? Reason.TIMEOUT : Reason.UNAVAILABLE, message, e);
    }

    /** Seconds or a date, as HTTP has it; null when there is none. */
    private static @Nullable Duration retryAfter(OpenAIServiceException answer) {
        String value =
                answer.headers().values("retry-after").stream().findFirst().orElse("");
        try {
            return Duration.ofSeconds(Math.max(0, Long.parseLong(value.strip())));
        } catch (NumberFormatException e) {
            try {
                Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration left = Duration.between(Instant.now(), until);
                return left.isNegative() ? Duration.ZERO : left;
            } catch (DateTimeParseException notADate) {
                return null;
            }
        }
    }

    private static boolean tookTooLong(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedIOException) {
                return true;
            }
        }
        return false;
    }

    static String describe(String what, Exception e) {
        return what + ": " + reason(e);
    }

    private static boolean worthRepeating(int status) {
        return status == 408 || status == 409 || status == 429 || status >= 500 || status < 400;
    }

    private static String answered(int status, String code) {
        boolean denied = status == 401 || status == 403;
        return ("answered " + status + (denied ? ", the API key was refused" : " " + code)).strip();
    }

    private static String reason(Exception e) {
        if (e instanceof OpenAIServiceException answer) {
            return answered(answer.statusCode(), answer.code().or(answer::type).orElse(""));
        }
        if (e instanceof WebSocketHandshakeException answer) {
            return answered(answer.statusCode(), "");
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case InterruptedIOException _ -> {
                    return "took too long";
                }
                case ConnectException _, UnknownHostException _ -> {
                    return "the server cannot be reached";
                }
                default -> {}
            }
        }
        return "the answer broke off or was not understood";
    }
}
