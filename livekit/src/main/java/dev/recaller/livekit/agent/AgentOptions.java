package dev.recaller.livekit.agent;

import static java.util.Objects.requireNonNull;

import dev.recaller.livekit.server.ApiKey;
import java.net.URI;
import java.util.Set;

/**
 * Where and as what to register.
 *
 * @param url the LiveKit server's, ws, wss, http or https; a path in it is kept
 * @param agentName the name that dispatches use; only they bring offers
 * @param version this program's, shown by the server
 */
public record AgentOptions(URI url, ApiKey key, String agentName, String version) {
    private static final Set<String> SCHEMES = Set.of("ws", "wss", "http", "https");

    public AgentOptions {
        requireNonNull(url, "url is null");
        requireNonNull(key, "key is null");
        requireNonNull(agentName, "agentName is null");
        requireNonNull(version, "version is null");
        if (url.getScheme() == null || !SCHEMES.contains(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException("LIVEKIT_URL is " + url + "; it must be like wss://livekit.example.com");
        }
        if (agentName.isBlank()) {
            throw new IllegalArgumentException("The agent's name is empty; dispatches find an agent by its name");
        }
    }

    /** The server's URL for rooms. */
    URI webSocketUrl() {
        return URI.create(url.toString().replaceFirst("^http", "ws"));
    }

    /** The server's URL for workers. */
    URI agentUrl() {
        return URI.create(webSocketUrl().toString().replaceFirst("/*$", "") + "/agent?protocol=1");
    }

    boolean secure() {
        return "wss".equals(webSocketUrl().getScheme());
    }

    int port() {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return secure() ? 443 : 80;
    }
}
