package dev.recaller.flow.definition;

import dev.recaller.flow.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of a node or tool before values and secrets are in it.
 *
 * @param keyed whether the server is told, by an {@code Idempotency-Key}, which requests are the same one sent again
 */
public record RequestTemplate(
        String method,
        UrlTemplate url,
        Map<String, SecretTemplate> headers,
        @Nullable BodyTemplate body,
        Duration timeout,
        int retries,
        boolean keyed) {

    /** Whether sending it twice has the effect of sending it once. */
    public boolean isRepeatable() {
        return keyed || HttpRequest.isIdempotent(method);
    }
}
