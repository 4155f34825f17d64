package dev.recaller.memory.privacy;

import dev.recaller.memory.MemoryId;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That one organization lets another one read what it remembers of one caller.
 *
 * @param memory of the organization that lets
 * @param grantee the organization that may read
 * @param purpose what for
 * @param evidence how the caller agreed, for example the id of a call or a document
 * @param expiresAt from then on nothing is read by it
 * @param revokedAt null: it holds
 */
public record Consent(
        UUID id,
        MemoryId memory,
        String grantee,
        Set<Category> categories,
        String purpose,
        String evidence,
        Instant expiresAt,
        @Nullable Instant revokedAt) {

    /** What may be read. */
    public enum Category {
        /** The name the caller goes by. */
        NAME,
        PREFERENCES,
        /** Facts and events. */
        FACTS,
        /** Who and what the caller spoke of, but for the caller's own names. */
        ENTITIES,
        /** What was said, word by word: the name and all else may be in it. */
        CONVERSATION
    }

    public Consent {
        categories = Set.copyOf(categories);
    }

    public boolean holdsAt(Instant time) {
        return revokedAt == null && time.isBefore(expiresAt);
    }
}
