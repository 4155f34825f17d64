package dev.recaller.memory.recall;

import static java.util.Objects.requireNonNull;

/**
 * What a model makes of a passage, in the form the table {@code chunk_vectors} keeps it. Arrays are not copied: nobody
 * changes them.
 *
 * @param turn of the passage itself, of unit length
 * @param pair of the passage with the turn before it, of unit length
 * @param tokens its word pieces, each of 66 bytes: the piece's number in the model's vocabulary (unsigned, low byte
 *     first), then the 64 coordinates of its projected state, scaled so that the longest state has length 127
 */
@SuppressWarnings("ArrayRecordComponent") // tens of thousands are held; a copy each would double the memory
public record Vectors(float[] turn, float[] pair, byte[] tokens) {
    public Vectors {
        requireNonNull(turn, "turn is null");
        requireNonNull(pair, "pair is null");
        requireNonNull(tokens, "tokens is null");
    }
}
