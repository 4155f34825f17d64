package dev.recaller.flow.http;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request as it is sent, secrets included. Printed it is method and host only.
 *
 * @param uri http or https, with a host
 * @param body absent for GET and HEAD
 * @param timeout for everything: finding the host, connecting, all tries, reading the whole answer
 * @param retries how often at most it is sent again
 * @param repeatable whether sending it twice has the effect of sending it once
 */
public record HttpRequest(
        String method,
        URI uri,
        Map<String, String> headers,
        @Nullable String body,
        Duration timeout,
        int retries,
        boolean repeatable) {

    public static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    public HttpRequest {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        requireNonNull(uri, "uri is null");
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException("method must be one of " + METHODS + ", is " + method);
        }
        if (body != null && takesNoBody(method)) {
            throw new IllegalArgumentException(method + " takes no body");
        }
        if (!timeout.isPositive() || retries < 0) {
            throw new IllegalArgumentException("timeout must be positive and retries not negative");
        }
    }

    /** A request that is repeatable where its method says so. */
    public HttpRequest(
            String method, URI uri, Map<String, String> headers, @Nullable String body, Duration timeout, int retries) {
        this(method, uri, headers, body, timeout, retries, isIdempotent(method));
    }

    /** Whether sending any request of this method twice has the effect of sending it once. */
    public static boolean isIdempotent(String method) {
        return !method.equals("POST") && !method.equals("PATCH");
    }

    public static boolean takesNoBody(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    /**
     * For a server that does what it is asked with one key once: a request that may be repeated, whatever its method.
     *
     * @param key says nothing about anybody; a key the request has already stays
     */
    public HttpRequest withIdempotencyKey(String key) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        if (headers.keySet().stream().noneMatch(IDEMPOTENCY_KEY::equalsIgnoreCase)) {
            more.put(IDEMPOTENCY_KEY, key);
        }
        return new HttpRequest(method, uri, more, body, timeout, retries, true);
    }

    @Override
    public String toString() {
        return method + " " + uri.getScheme() + "://" + uri.getHost();
    }
}
