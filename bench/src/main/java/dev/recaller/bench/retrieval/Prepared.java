package dev.recaller.bench.retrieval;

import dev.recaller.memory.recall.CallerIndex;
import dev.recaller.memory.recall.Embedder;
import dev.recaller.memory.recall.Embedding;
import dev.recaller.memory.recall.Passage;
import dev.recaller.memory.recall.Question;
import dev.recaller.memory.recall.Vectors;
import dev.recaller.memory.recall.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A history ready to be searched, with the model and without. */
record Prepared(History history, CallerIndex index, List<Embedding> asked) {

    /** @param progress is told how many texts were embedded since it was last told */
    static Prepared of(History history, Embedder embedder, IntConsumer progress) {
        Map<UUID, Vectors> vectors = new HashMap<>();
        Map<UUID, Passage> last = new HashMap<>();
        for (Passage passage : history.passages()) {
            @Nullable
            Passage previous =
                    passage.session() == null || !passage.turn() ? null : last.put(passage.session(), passage);
            vectors.put(passage.id(), embedder.passage(passage, previous));
            progress.accept(1);
        }
        List<Embedding> asked = new ArrayList<>();
        for (History.Probe probe : history.probes()) {
            asked.add(embedder.question(probe.text()));
            progress.accept(1);
        }
        return new Prepared(history, CallerIndex.of(history.passages(), vectors), asked);
    }

    Question question(int number, boolean model) {
        History.Probe probe = history.probes().get(number);
        return new Question(probe.text(), model ? asked.get(number) : null, probe.askedAt());
    }

    /** Where in the index's passages the evidence of a question is. */
    int[] evidence(int number) {
        Set<UUID> evidence = history.probes().get(number).evidence();
        List<Passage> passages = index.passages();
        List<Integer> places = new ArrayList<>();
        for (int place = 0; place < passages.size(); place++) {
            if (evidence.contains(passages.get(place).id())) {
                places.add(place);
            }
        }
        return places.stream().mapToInt(Integer::intValue).toArray();
    }

    Scores scores(Weights weights, boolean model) {
        Map<UUID, UUID> sessions = new HashMap<>();
        for (Passage passage : history.passages()) {
            if (passage.session() != null) {
                sessions.put(passage.id(), passage.session());
            }
        }
        var scores = new Scores();
        for (int number = 0; number < asked.size(); number++) {
            History.Probe probe = history.probes().get(number);
            Set<UUID> needed = new HashSet<>(sessions.values());
            needed.retainAll(probe.evidence().stream().map(sessions::get).toList());
            scores.add(probe, needed, index.search(question(number, model), Integer.MAX_VALUE, weights));
        }
        return scores;
    }
}
