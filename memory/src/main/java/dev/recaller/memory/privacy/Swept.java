package dev.recaller.memory.privacy;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a sweep did.
 *
 * @param deleted rows of each table whose time was over; tables without any are left out
 * @param shortened rows that will go earlier than was said when they were stored
 * @param organizations how many were looked at
 * @param finished false when the sweep was interrupted: the next one goes on
 */
public record Swept(Map<String, Long> deleted, long shortened, int organizations, boolean finished) {
    public Swept {
        deleted = Collections.unmodifiableMap(new TreeMap<>(deleted));
    }
}
