package dev.recaller.memory.privacy;

import dev.recaller.memory.MemoryId;
import java.util.List;
import java.util.Map;

/** What came of an erasure. */
public sealed interface Erased {

    /** Nothing of the caller is left. */
    record Done(Receipt receipt) implements Erased {}

    /** Nothing was changed: this is what an erasure would delete, rows of each table. */
    record Preview(Map<String, Long> counts) implements Erased {}

    /** Nothing was changed: the number belongs to several users, and none was named. */
    record SharedNumber(List<MemoryId> memories) implements Erased {
        public SharedNumber {
            memories = List.copyOf(memories);
        }
    }
}
