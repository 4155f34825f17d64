package dev.recaller.memory.recall;

import static java.util.Objects.requireNonNull;

/**
 * What a model makes of a question.
 *
 * @param vector of unit length
 * @param tokens its word pieces that say something, in the form of {@link Vectors#tokens}
 */
@SuppressWarnings("ArrayRecordComponent") // see Vectors
public record Embedding(float[] vector, byte[] tokens) {
    public Embedding {
        requireNonNull(vector, "vector is null");
        requireNonNull(tokens, "tokens is null");
    }
}
