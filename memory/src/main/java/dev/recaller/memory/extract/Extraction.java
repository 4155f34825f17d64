package dev.recaller.memory.extract;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What an {@link Extractor} found. Flat records of strings, numbers and lists, so that a JSON schema describes it as it is
 * ({@link ExtractionJson}). {@code evidence} holds the indexes of the caller's turns that say it.
 *
 * @param summary of the whole call in a few sentences; empty: none
 */
public record Extraction(
        List<Fact> facts,
        List<Entity> entities,
        List<Relationship> relationships,
        List<Preference> preferences,
        String summary) {

    public static final Extraction NOTHING = new Extraction(List.of(), List.of(), List.of());

    public enum FactType {
        /** What holds until something else is said. */
        FACT,
        /** What happens or happened at some time. */
        EVENT
    }

    public enum EntityType {
        PERSON,
        PLACE,
        ORGANIZATION,
        THING,
        CONCEPT
    }

    /**
     * A free sentence about the caller or somebody they spoke of.
     *
     * @param about the name of whom or what it is about; empty: the caller
     * @param date of an event as {@code 2026-12-03}; empty: none was said
     * @param importance 0 to 1
     * @param topics lower case words
     */
    public record Fact(
            FactType type,
            String sentence,
            String about,
            String date,
            double importance,
            List<String> topics,
            List<Integer> evidence) {
        public Fact {
            requireNonNull(type, "type is null");
            requireNonNull(sentence, "sentence is null");
            requireNonNull(about, "about is null");
            requireNonNull(date, "date is null");
            requireShare("importance", importance);
            topics = List.copyOf(topics);
            evidence = List.copyOf(evidence);
        }
    }

    /** Somebody or something the caller spoke of, by the name the caller used. */
    public record Entity(EntityType type, String name, List<Integer> evidence) {
        public Entity {
            requireNonNull(type, "type is null");
            requireNonNull(name, "name is null");
            evidence = List.copyOf(evidence);
        }
    }

    /**
     * How two named ones relate, for example {@code caller, works_for, Acme}.
     *
     * @param source, target names of entities of this extraction, or {@code caller}
     * @param relation lower case words joined by {@code _}
     */
    public record Relationship(String source, String relation, String target, List<Integer> evidence) {
        public Relationship {
            requireNonNull(source, "source is null");
            requireNonNull(relation, "relation is null");
            requireNonNull(target, "target is null");
            evidence = List.copyOf(evidence);
        }
    }

    /**
     * What the caller likes or wants.
     *
     * @param key a key of {@link PreferenceKey} where one fits, else lower case words joined by {@code _}
     * @param category one word, for example {@code contact}, {@code travel}
     * @param confidence 0 to 1
     */
    public record Preference(String key, String value, String category, double confidence, List<Integer> evidence) {
        public Preference {
            requireNonNull(key, "key is null");
            requireNonNull(value, "value is null");
            requireNonNull(category, "category is null");
            requireShare("confidence", confidence);
            evidence = List.copyOf(evidence);
        }
    }

    public Extraction {
        facts = List.copyOf(facts);
        entities = List.copyOf(entities);
        relationships = List.copyOf(relationships);
        preferences = List.copyOf(preferences);
        requireNonNull(summary, "summary is null");
    }

    /** Without facts and summary. */
    public Extraction(List<Entity> entities, List<Relationship> relationships, List<Preference> preferences) {
        this(List.of(), entities, relationships, preferences, "");
    }

    private static void requireShare(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + ": " + value + " is not 0 to 1");
        }
    }
}
