package dev.recaller.flow.http;

import static java.util.Objects.requireNonNull;

/** What flows may use of the network: requests within a policy, and secrets to put into them. */
public record HttpAccess(HttpSender sender, Secrets secrets) {
    public HttpAccess {
        requireNonNull(sender, "sender is null");
        requireNonNull(secrets, "secrets is null");
    }
}
