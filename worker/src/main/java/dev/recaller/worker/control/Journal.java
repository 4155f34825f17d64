package dev.recaller.worker.control;

import dev.recaller.sql.DatabaseException;
import dev.recaller.worker.control.ControlListener.Denied;
import dev.recaller.worker.store.ControlAudit;
import dev.recaller.worker.store.ControlKeys;
import io.grpc.Status;
import java.util.Locale;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has every request in the audit: who, which method, about which call, how it ended. Nothing of what was asked or answered. */
final class Journal {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);

    /** Of requests without a key that holds, for each organization; the others are only counted. */
    private static final double DENIED_A_SECOND = 1;

    private final ControlAudit audit;
    private final ControlListener listener;
    private final RateLimit denied;

    Journal(ControlAudit audit, ControlListener listener, LongSupplier nanoTime) {
        this.audit = audit;
        this.listener = listener;
        denied = new RateLimit(DENIED_A_SECOND, nanoTime);
    }

    /**
     * A request without a key that holds. Blocks.
     *
     * @param whose whom the key is of, where it is one that does not hold any more or yet; absent: nobody's
     */
    void denied(Denied why, @Nullable Asking whose, String method) {
        listener.denied(why);
        if (why == Denied.RATE_LIMIT) {
            return;
        }
        String organization = whose == null ? ControlKeys.INSTALLATION : whose.organizationId();
        if (denied.take(organization)) {
            note(organization, whose == null ? "nobody" : whose.actor(), method, null, Status.UNAUTHENTICATED);
        }
    }

    /** Blocks. */
    void note(Request request, String method, Status status) {
        note(request.organizationId(), request.asking().actor(), method, request.callId(), status);
    }

    private void note(String organizationId, String actor, String method, @Nullable UUID callId, Status status) {
        String action = "control:" + method.substring(method.lastIndexOf('.') + 1);
        String outcome = status.getCode().name().toLowerCase(Locale.ROOT);
        try {
            audit.note(organizationId, actor, action, callId, outcome);
        } catch (DatabaseException e) {
            log.error("not in the audit: {} {} {}, {}: {}", actor, action, callId, outcome, e.getMessage());
        }
    }
}
