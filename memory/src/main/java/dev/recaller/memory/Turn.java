package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * One side's contiguous speech, as it was heard.
 *
 * @param index place in the call, from 0, unique within it
 */
public record Turn(int index, Speaker speaker, String text, Instant saidAt) {
    public Turn {
        if (index < 0) {
            throw new IllegalArgumentException("index: " + index);
        }
        requireNonNull(speaker, "speaker is null");
        requireNonNull(text, "text is null");
        requireNonNull(saidAt, "saidAt is null");
    }
}
