package dev.recaller.worker.control;

import static java.util.Objects.requireNonNull;

import io.grpc.Context;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One request: who asks, and which call it is about. */
final class Request {

    static final Context.Key<Request> KEY = Context.key("recaller-request");

    private final Asking asking;
    private volatile @Nullable UUID callId;

    Request(Asking asking) {
        this.asking = asking;
    }

    /** That of this thread. */
    static Request current() {
        return requireNonNull(KEY.get(), "no method is reached without it");
    }

    /** The organization of who asks in this thread. */
    static String organization() {
        return current().organizationId();
    }

    /** Who asks in this thread, for the audit. */
    static String actor() {
        return current().asking().actor();
    }

    Asking asking() {
        return asking;
    }

    String organizationId() {
        return asking.organizationId();
    }

    /** For the audit. */
    void about(UUID call) {
        callId = call;
    }

    @Nullable
    UUID callId() {
        return callId;
    }
}
