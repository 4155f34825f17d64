package dev.recaller.memory.recall;

import org.jspecify.annotations.Nullable;

/** Turns text into vectors, in this process. Blocks for milliseconds; safe for use by many threads, best by few. */
public interface Embedder {

    /** Names the model and everything the vectors depend on: vectors of another name are made anew. */
    String model();

    /** Of a passage, with the turn before it in the same call. */
    Vectors passage(Passage passage, @Nullable Passage previous);

    /** Of what is searched for. */
    Embedding question(String text);
}
