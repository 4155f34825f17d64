package dev.recaller.worker.speech;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats a request that failed and may work a moment later, once: a caller waits. */
final class OnceMore {

    private static final Logger log = LoggerFactory.getLogger(OnceMore.class);

    /** What a service needs to get over a hiccup, and a caller does not notice yet. */
    private static final Duration PAUSE = Duration.ofMillis(300);

    interface Request<T> {
        T send() throws InterruptedException;
    }

    private OnceMore() {}

    /**
     * Sends it, and once more when that is worth it.
     *
     * @param what for the log
     * @param harmless whether repeating does no harm, asked after a failure
     * @throws ProviderException the first failure, or that of the repetition
     */
    static <T> T send(String what, BooleanSupplier harmless, Request<T> request) throws InterruptedException {
        try {
            return request.send();
        } catch (ProviderException e) {
            if (!e.worthRepeating() || !harmless.getAsBoolean()) {
                throw e;
            }
            log.warn("{} failed, asking once more: {}", what, e.getMessage());
            Thread.sleep(PAUSE);
            return request.send();
        }
    }
}
