package dev.recaller.worker;

import dev.recaller.flow.http.Secrets;
import java.util.Optional;

/** The secrets as they were read last. Any thread. */
final class CurrentSecrets implements Secrets {

    private volatile Secrets now;

    CurrentSecrets(Secrets first) {
        now = first;
    }

    void use(Secrets read) {
        now = read;
    }

    @Override
    public Optional<String> find(String organizationId, String name) {
        return now.find(organizationId, name);
    }
}
