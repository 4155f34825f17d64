package dev.recaller.memory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Somebody or something the caller spoke of. Role {@code caller} marks the person calling. */
public record Entity(Type type, String name, @Nullable String role, long mentionCount, Instant lastMentionedAt) {
    public enum Type {
        PERSON,
        PLACE,
        ORGANIZATION,
        THING,
        CONCEPT
    }
}
