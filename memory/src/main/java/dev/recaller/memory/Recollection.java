package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is recalled of one caller.
 *
 * @param greetingName the one current name the caller may be greeted by; absent when there is none, the number is
 *     shared, or it was silent for 180 days
 * @param lastCallAt when the caller last spoke with us
 */
public record Recollection(
        @Nullable String greetingName,
        @Nullable Instant lastCallAt,
        long conversationCount,
        List<Preference> preferences,
        List<Entity> entities,
        List<Item> items) {

    public static final Recollection EMPTY = new Recollection(null, null, 0, List.of(), List.of(), List.of());

    /** One remembered statement with who said it and when; score as in {@link Scored}. */
    public record Item(String text, @Nullable Speaker speaker, Instant saidAt, double score, ChunkId source) {
        public Item {
            requireNonNull(text, "text is null");
            requireNonNull(saidAt, "saidAt is null");
        }
    }

    public Recollection {
        preferences = List.copyOf(preferences);
        entities = List.copyOf(entities);
        items = List.copyOf(items);
    }

    public Optional<String> name() {
        return Optional.ofNullable(greetingName);
    }

    public boolean isEmpty() {
        return greetingName == null
                && conversationCount == 0
                && preferences.isEmpty()
                && entities.isEmpty()
                && items.isEmpty();
    }
}
