package dev.recaller.memory.extract;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What an {@link Extractor} found. Flat records of strings, numbers and lists, so that a JSON schema describes it as it is.
 * {@code evidence} holds the indexes of the caller's turns that say it.
 */
public record Extraction(List<Entity> entities, List<Relationship> relationships, List<Preference> preferences) {

    public static final Extraction NOTHING = new Extraction(List.of(), List.of(), List.of());

    public enum EntityType {
        PERSON,
        PLACE,
        ORGANIZATION,
        THING,
        CONCEPT
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
            if (!(confidence >= 0 && confidence <= 1)) {
                throw new IllegalArgumentException("confidence: " + confidence + " is not 0 to 1");
            }
            evidence = List.copyOf(evidence);
        }
    }

    public Extraction {
        entities = List.copyOf(entities);
        relationships = List.copyOf(relationships);
        preferences = List.copyOf(preferences);
    }
}
