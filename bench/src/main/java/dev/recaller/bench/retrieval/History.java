package dev.recaller.bench.retrieval;

import static java.util.Objects.requireNonNull;

import dev.recaller.memory.recall.Passage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** All that was said with one caller, and questions about it. */
record History(String id, List<Passage> passages, List<Probe> probes) {

    History {
        requireNonNull(id, "id is null");
        passages = List.copyOf(passages);
        probes = List.copyOf(probes);
    }

    /**
     * A question and the turns that answer it.
     *
     * @param category 1 to 5 as LoCoMo has them: several turns, times, inference, one turn, the wrong speaker
     */
    record Probe(String text, int category, Set<UUID> evidence, Instant askedAt) {
        Probe {
            requireNonNull(text, "text is null");
            requireNonNull(askedAt, "askedAt is null");
            evidence = Set.copyOf(evidence);
        }
    }

    /** The same for the same names, in every run. */
    static UUID uuid(String... names) {
        return UUID.nameUUIDFromBytes(String.join("/", names).getBytes(StandardCharsets.UTF_8));
    }
}
