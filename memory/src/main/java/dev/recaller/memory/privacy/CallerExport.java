package dev.recaller.memory.privacy;

import dev.recaller.memory.MemoryException;
import dev.recaller.memory.MemoryId;
import dev.recaller.sql.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything remembered of a caller as one JSON document on one line, by the schema {@code caller-memory.schema.json} beside
 * this class. Many callers are many lines (NDJSON). Each document is one moment's state, and its export is audited. Blocks;
 * safe for use by any number of threads.
 */
public final class CallerExport {

    private static final int PAGE = 500;

    private final Guarded transactions;
    private final Exporting exporting;

    public CallerExport(Database database, InstantSource clock) {
        this.transactions = new Guarded(database);
        this.exporting = new Exporting(clock);
    }

    /**
     * One memory, with those that were merged into it; the one it was merged into stands for it.
     *
     * @throws MemoryException {@code NOT_FOUND} when the organization has no such memory
     */
    public String export(MemoryId memory, String actor) {
        return transactions.run(memory.organizationId(), tx -> {
            String document = exporting.document(tx, memory, actor);
            if (document == null) {
                throw MemoryException.notFound(memory);
            }
            return document;
        });
    }

    /**
     * All memories of an organization, one after the other; callers that come or go meanwhile may be in it or not.
     *
     * @param line told each document
     * @return how many there were
     */
    public long exportAll(String organizationId, String actor, Consumer<String> line) {
        long exported = 0;
        @Nullable UUID after = null;
        while (true) {
            @Nullable UUID last = after;
            List<UUID> page = transactions.read(organizationId, tx -> exporting.page(tx, organizationId, last, PAGE));
            for (UUID id : page) {
                String document = transactions.run(
                        organizationId, tx -> exporting.document(tx, new MemoryId(organizationId, id), actor));
                if (document != null) {
                    line.accept(document);
                    exported++;
                }
            }
            if (page.size() < PAGE) {
                return exported;
            }
            after = page.getLast();
        }
    }
}
