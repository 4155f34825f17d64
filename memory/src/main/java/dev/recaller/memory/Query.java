package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What to recall.
 *
 * @param text what was asked or said; absent: what matters most about the caller (at ring time)
 * @param maxItems 1 to 100
 * @param callId the call that asks: what was said in it is found whatever its assurance, and when several people share the
 *     number, the name said in it tells whose memories to read
 */
public record Query(
        @Nullable String text,
        int maxItems,
        Assurance assurance,
        @Nullable UUID callId) {
    /** For a call that has said nothing yet. */
    public Query(@Nullable String text, int maxItems, Assurance assurance) {
        this(text, maxItems, assurance, null);
    }

    public Query {
        requireNonNull(assurance, "assurance is null");
        if (maxItems < 1 || maxItems > 100) {
            throw new IllegalArgumentException("maxItems: " + maxItems + " is not 1 to 100");
        }
    }

    boolean hasText() {
        return text != null && !text.isBlank();
    }
}
