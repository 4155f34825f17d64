package dev.recaller.flow.definition;

import dev.recaller.memory.Assurance;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Steps that read or change what is remembered of the caller. */
public sealed interface MemoryNode extends Node {

    record Recall(String id, String into, Duration timeout, int maxItems) implements MemoryNode {
        @Override
        public String type() {
            return "memory_recall";
        }

        @Override
        public Set<String> ports() {
            return Set.of("found", "empty", "timeout", "error");
        }

        @Override
        public Set<String> sets() {
            return Set.of(into);
        }

        static Recall read(String id, Fields fields) {
            return new Recall(
                    id,
                    fields.text("into"),
                    Duration.ofMillis(fields.number("timeoutMs", 1, 10_000, 150)),
                    fields.number("maxItems", 1, 100, 10));
        }
    }

    /**
     * Stores what was said since the last store.
     *
     * @param minAssurance what it takes at least to read it back in another call
     */
    record Store(String id, Assurance minAssurance) implements MemoryNode {
        private static final List<String> ASSURANCES = List.of("presented", "verified");

        @Override
        public String type() {
            return "memory_store";
        }

        @Override
        public Set<String> ports() {
            return Set.of("stored", "skipped", "error");
        }

        static Store read(String id, Fields fields) {
            return new Store(
                    id,
                    Assurance.valueOf(fields.oneOf("minAssurance", ASSURANCES, "presented")
                            .toUpperCase(Locale.ROOT)));
        }
    }

    /** Erases the caller, and stores nothing more of this call. */
    record Forget(String id) implements MemoryNode {
        @Override
        public String type() {
            return "memory_forget";
        }

        @Override
        public Set<String> ports() {
            return Set.of("done", "error");
        }

        static Forget read(String id, Fields fields) {
            return new Forget(id);
        }
    }
}
