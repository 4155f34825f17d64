package dev.recaller.worker.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The values last used, at most so many. Any thread. */
final class Newest<K, V> {

    private final Map<K, V> values;

    Newest(int most) {
        values = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    synchronized Optional<V> get(K key) {
        return Optional.ofNullable(values.get(key));
    }

    /** Whether the key had no value before. */
    synchronized boolean put(K key, V value) {
        return values.put(key, value) == null;
    }
}
