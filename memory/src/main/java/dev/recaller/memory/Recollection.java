package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is recalled of one caller.
 *
 * @param greetingName the one current name the caller may be greeted by; absent when there is none, the number is
 *     shared, or it was silent for 180 days
 * @param lastCallAt when the caller last spoke with us
 * @param items best first
 */
public record Recollection(
        @Nullable String greetingName,
        @Nullable Instant lastCallAt,
        long conversationCount,
        List<Preference> preferences,
        List<Entity> entities,
        List<Item> items) {

    public static final Recollection EMPTY = new Recollection(null, null, 0, List.of(), List.of(), List.of());

    /**
     * One remembered statement.
     *
     * @param speaker who said it; absent where nobody did
     * @param person name of the caller who said it, where it is known
     * @param about names of the people and things it speaks of, as far as they are remembered
     * @param score as in {@link Scored}
     * @param source the chunk it is
     * @param saidIn the turns a fact came from
     */
    public record Item(
            String text,
            @Nullable Speaker speaker,
            @Nullable String person,
            List<String> about,
            Instant saidAt,
            double score,
            ChunkId source,
            List<ChunkId> saidIn) {
        public Item {
            requireNonNull(text, "text is null");
            requireNonNull(saidAt, "saidAt is null");
            requireNonNull(source, "source is null");
            about = List.copyOf(about);
            saidIn = List.copyOf(saidIn);
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

    /** What was found of the same caller later, its items before those of this; nothing when nothing is known any more. */
    public Recollection after(Recollection found) {
        if (found.isEmpty()) {
            return EMPTY;
        }
        List<Item> all = new ArrayList<>(found.items);
        Set<ChunkId> sources = found.items.stream().map(Item::source).collect(Collectors.toSet());
        items.stream().filter(item -> !sources.contains(item.source())).forEach(all::add);
        return new Recollection(
                found.greetingName, found.lastCallAt, found.conversationCount, found.preferences, found.entities, all);
    }

    /**
     * This as a part of a prompt: one block between {@code <data>} and {@code </data>}, a line for each thing known, the
     * caller's card first, then the items, best first, as many as fit. Whatever anybody said stands in quotes and has no
     * characters by which it could end them, the line or the block, or look like a part of the prompt.
     *
     * @param tokens never more, each counted as three bytes of UTF-8, which overestimates; under about 20 nothing fits and
     *     the text is empty
     * @param now what "yesterday" is relative to
     * @param zone the days are those of this zone
     */
    public String render(int tokens, Instant now, ZoneId zone) {
        return new Rendering(now, zone).of(this, tokens);
    }
}
