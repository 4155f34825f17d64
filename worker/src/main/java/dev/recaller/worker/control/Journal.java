package dev.recaller.worker.control;

import dev.recaller.sql.DatabaseException;
import dev.recaller.worker.store.ControlAudit;
import io.grpc.Status;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has every request in the audit: who, which method, about which call, how it ended. Nothing of what was asked or answered. */
final class Journal {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);

    private final ControlAudit audit;

    Journal(ControlAudit audit) {
        this.audit = audit;
    }

    /** Blocks. */
    void note(Request request, String method, Status status) {
        Asking asking = request.asking();
        String action = "control:" + method.substring(method.lastIndexOf('.') + 1);
        String outcome = status.getCode().name().toLowerCase(Locale.ROOT);
        try {
            audit.note(asking.organizationId(), asking.actor(), action, request.callId(), outcome);
        } catch (DatabaseException e) {
            log.error(
                    "not in the audit: {} {} {}, {}: {}",
                    asking.actor(),
                    action,
                    request.callId(),
                    outcome,
                    e.getMessage());
        }
    }
}
