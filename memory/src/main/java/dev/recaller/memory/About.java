package dev.recaller.memory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Whom and what statements are about: the entities they name. */
final class About {

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

    private final Map<String, String> names = new LinkedHashMap<>();

    About(List<Entity> entities) {
        entities.forEach(entity -> names.putIfAbsent(words(entity.name()), entity.name()));
    }

    List<String> of(String text) {
        String words = words(text);
        return names.entrySet().stream()
                .filter(name -> words.contains(name.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** With a blank around each word, so that only whole words are found. */
    private static String words(String text) {
        return BETWEEN_WORDS.matcher(" " + text.toLowerCase(Locale.ROOT) + " ").replaceAll(" ");
    }
}
