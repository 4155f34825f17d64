package dev.recaller.worker.openai;

import com.openai.errors.OpenAIServiceException;
import dev.recaller.worker.speech.ProviderException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;

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
        return e instanceof OpenAIServiceException answer && !worthRepeating(answer.statusCode())
                ? ProviderException.refused(message, e)
                : ProviderException.failed(message, e);
    }

    static String describe(String what, Exception e) {
        return what + ": " + reason(e);
    }

    private static boolean worthRepeating(int status) {
        return status == 408 || status == 409 || status == 429 || status >= 500 || status < 400;
    }

    private static String reason(Exception e) {
        if (e instanceof OpenAIServiceException answer) {
            String status = "answered " + answer.statusCode();
            return answer.statusCode() == 401 || answer.statusCode() == 403
                    ? status + ", the API key was refused"
                    : status
                            + answer.code()
                                    .or(answer::type)
                                    .map(code -> " " + code)
                                    .orElse("");
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
