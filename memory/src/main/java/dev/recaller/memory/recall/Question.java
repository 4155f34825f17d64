package dev.recaller.memory.recall;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is searched for.
 *
 * @param embedding absent: words alone decide
 * @param askedAt what "last week" in it is relative to
 */
public record Question(String text, @Nullable Embedding embedding, Instant askedAt) {
    public Question {
        requireNonNull(text, "text is null");
        requireNonNull(askedAt, "askedAt is null");
    }
}
