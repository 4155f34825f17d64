package dev.recaller.bench.recall;

import dev.recaller.memory.recall.Embedder;
import dev.recaller.memory.recall.Embedding;
import dev.recaller.memory.recall.Passage;
import dev.recaller.memory.recall.Vectors;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A model that has read every question before, so that a search is timed without it. */
final class ReadBefore implements Embedder {

    private final Embedder model;
    private final Map<String, Embedding> questions = new ConcurrentHashMap<>();

    ReadBefore(Embedder model) {
        this.model = model;
    }

    @Override
    public String model() {
        return model.model();
    }

    @Override
    public Vectors passage(Passage passage, @Nullable Passage previous) {
        return model.passage(passage, previous);
    }

    @Override
    public Embedding question(String text) {
        return questions.computeIfAbsent(text, model::question);
    }
}
