package dev.recaller.livekit.server;

import static java.util.Objects.requireNonNull;

import io.livekit.server.AccessToken;
import io.livekit.server.Agent;
import io.livekit.server.RoomAdmin;
import io.livekit.server.RoomJoin;
import io.livekit.server.RoomName;
import io.livekit.server.SIPAdmin;
import io.livekit.server.SIPCall;
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

    /** A token to join a room, which is made if there is none. */
    String roomToken(String room, String identity) {
        var token = new AccessToken(key, secret);
        token.setTtl(LIFETIME.toMillis());
        token.setIdentity(identity);
        token.addGrants(new RoomJoin(true), new RoomName(room));
        return token.toJwt();
    }

    /** A token to see and change trunks and dispatch rules. */
    String sipAdminToken() {
        var token = new AccessToken(key, secret);
        token.setTtl(LIFETIME.toMillis());
        token.addSIPGrants(new SIPAdmin(true));
        return token.toJwt();
    }

    /** A token to telephone into a room and to transfer those in it. */
    String sipToken(String room) {
        var token = new AccessToken(key, secret);
        token.setTtl(LIFETIME.toMillis());
        token.addSIPGrants(new SIPCall(true));
        token.addGrants(new RoomAdmin(true), new RoomName(room));
        return token.toJwt();
    }

    @Override
    public String toString() {
        return "ApiKey[key=" + key + "]";
    }
}
