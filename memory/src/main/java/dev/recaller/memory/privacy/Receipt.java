package dev.recaller.memory.privacy;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * That a caller was erased, without saying who it was.
 *
 * @param erasedAt nothing said until then is stored or imported again
 * @param counts rows deleted of each table, emptied in {@code audit}; tables without any are left out
 */
public record Receipt(UUID id, String organizationId, Instant erasedAt, Map<String, Long> counts) {
    public Receipt {
        counts = Collections.unmodifiableMap(new TreeMap<>(counts));
    }
}
