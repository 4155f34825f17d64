package dev.recaller.flow.definition;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request of a node or tool before values and secrets are in it. */
public record RequestTemplate(
        String method,
        UrlTemplate url,
        Map<String, SecretTemplate> headers,
        @Nullable BodyTemplate body,
        Duration timeout,
        int retries) {}
