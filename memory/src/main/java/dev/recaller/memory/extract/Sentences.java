package dev.recaller.memory.extract;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Sentences a model wrote. */
public final class Sentences {

    private static final Pattern END = Pattern.compile("(?<=[.!?])\\s+");

    private Sentences() {}

    public static List<String> of(String text) {
        return END.splitAsStream(text.strip())
                .filter(sentence -> !sentence.isBlank())
                .toList();
    }

    /** What two sentences that say the same in nearly the same words have in common: their words in any order and form. */
    public static String key(String sentence) {
        return Wording.words(sentence).stream()
                .filter(word ->
                        Wording.isContent(word) || word.equals("not") || word.equals("no") || word.endsWith("n't"))
                .map(Wording::stem)
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "))
                .toLowerCase(Locale.ROOT);
    }
}
