package dev.recaller.livekit.server;

import static java.util.Objects.requireNonNull;

/** A user and password by which a carrier and LiveKit know each other. Never shows the password. */
public record SipCredentials(String username, String password) {
    public SipCredentials {
        requireNonNull(username, "username is null");
        requireNonNull(password, "password is null");
    }

    @Override
    public String toString() {
        return "SipCredentials[username=" + username + "]";
    }
}
