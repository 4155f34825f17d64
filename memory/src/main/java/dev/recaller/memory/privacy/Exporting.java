package dev.recaller.memory.privacy;

import dev.recaller.memory.MemoryId;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** An export within its transaction. */
final class Exporting {

    private final DocumentStore documents = new DocumentStore();
    private final AuditStore audit;
    private final InstantSource clock;

    Exporting(InstantSource clock) {
        this.audit = new AuditStore(clock);
        this.clock = clock;
    }

    List<UUID> page(DSLContext tx, String organizationId, @Nullable UUID after, int size) {
        return documents.page(tx, organizationId, after, size);
    }

    /** Null when there is no such memory. */
    @Nullable
    String document(DSLContext tx, MemoryId memory, String actor) {
        UUID root = documents.root(tx, memory);
        DocumentStore.@Nullable Parts parts = root == null ? null : documents.read(tx, root);
        if (parts == null) {
            return null;
        }
        audit.add(tx, memory.organizationId(), actor, Audit.Action.EXPORT, root, "{}");
        return Document.write(memory.organizationId(), clock.instant(), parts);
    }
}
