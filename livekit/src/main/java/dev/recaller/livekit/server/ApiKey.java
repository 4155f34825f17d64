package dev.recaller.livekit.server;

import static java.util.Objects.requireNonNull;

import io.livekit.server.AccessToken;
import io.livekit.server.Agent;
import java.time.Duration;

/** A key of a LiveKit server, and the tokens it signs. Never shows the secret. */
public record ApiKey(String key, String secret) {
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    public ApiKey {
        requireNonNull(key, "key is null");
        requireNonNull(secret, "secret is null");
        if (key.isBlank() || secret.isBlank()) {
            throw new IllegalArgumentException(
                    "LiveKit's API key or secret is empty. Set LIVEKIT_API_KEY and LIVEKIT_API_SECRET.");
        }
    }

    /** A token to register as an agent worker; good for one connection, which outlives it. */
    public String agentToken() {
        var token = new AccessToken(key, secret);
        token.setTtl(LIFETIME.toMillis());
        token.addGrants(new Agent(true));
        return token.toJwt();
    }

    @Override
    public String toString() {
        return "ApiKey[key=" + key + "]";
    }
}
