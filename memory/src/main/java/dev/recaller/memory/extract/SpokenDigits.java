package dev.recaller.memory.extract;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Digits said one by one, as words. */
final class SpokenDigits {

    /** Fewer may be words like any others: "one or two". */
    private static final int FEWEST = 5;

    private static final Map<String, String> DIGITS = Map.ofEntries(
            Map.entry("zero", "0"),
            Map.entry("oh", "0"),
            Map.entry("o", "0"),
            Map.entry("one", "1"),
            Map.entry("two", "2"),
            Map.entry("three", "3"),
            Map.entry("four", "4"),
            Map.entry("five", "5"),
            Map.entry("six", "6"),
            Map.entry("seven", "7"),
            Map.entry("eight", "8"),
            Map.entry("nine", "9"));

    private static final String DIGIT = "(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine|\\d)(?![\\p{L}\\d])";
    private static final Pattern RUN = Pattern.compile(
            "\\b" + DIGIT + "(?:[\\s,-]{1,2}" + DIGIT + "){" + (FEWEST - 1) + ",}+", Pattern.CASE_INSENSITIVE);
    private static final Pattern WORD = Pattern.compile("\\p{L}+");

    private SpokenDigits() {}

    /** The digits of a word, which may be digits already; null when it is another word. */
    static @Nullable String of(String word) {
        return word.chars().allMatch(Character::isDigit) ? word : DIGITS.get(word.toLowerCase(Locale.ROOT));
    }

    /** The text with every longer run of spoken digits written in digits, without what stands between them. */
    static String written(String text) {
        return RUN.matcher(text).replaceAll(run -> digits(run.group()));
    }

    private static String digits(String run) {
        Matcher words = WORD.matcher(run);
        return words.replaceAll(word -> DIGITS.getOrDefault(word.group().toLowerCase(Locale.ROOT), ""))
                .replaceAll("[\\s,-]+", "");
    }
}
