package dev.recaller.worker.store;

import dev.recaller.sql.Database;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of the audit for what was asked of the control API, beside what the memory notes itself. */
public interface ControlAudit {

    static ControlAudit in(Database database, InstantSource clock) {
        return new ControlAuditTable(database, clock);
    }

    /**
     * Notes one request. Blocks; failures are {@link dev.recaller.sql.DatabaseException}s.
     *
     * @param actor {@code key:} and a key's id, or {@code operator:} and a name
     * @param action {@code control:} and the method, or what was done to a key
     * @param callId what it was about, where it was about a call
     * @param outcome a code of gRPC, or {@code ok}
     */
    void note(String organizationId, String actor, String action, @Nullable UUID callId, String outcome);
}
