package dev.recaller.memory.extract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the name that begins at a place of a sentence, and stops where the name does. */
final class NameReader {

    /** How much the words before promise that a name follows. */
    enum Trust {
        /** "My name is": whatever is no plain word. */
        STRONG,
        /** "I'm": a capital letter, or a given name everybody knows. */
        WEAK,
        /** "It's": only a given name everybody knows. */
        KNOWN
    }

    private static final int MOST_WORDS = 4;
    private static final Pattern WORD = Pattern.compile("\\G\\s*(\\p{L}[\\p{L}'.-]*)([,;:!?]?)");
    private static final Pattern LETTERS_ONLY = Pattern.compile("\\p{L}(?:[-.]\\p{L})*\\.?");
    private static final Pattern NO_NAME_ENDING = Pattern.compile("(?:ing|ly|ed|n't|'ll|'ve|'d|'re|'m)$");
    private static final Set<String> PARTICLES = Set.of(
            "de", "del", "da", "di", "du", "van", "von", "der", "den", "la", "le", "el", "al", "bin", "ten", "ter");
    /** Names that are plain words too; a capital letter tells. */
    private static final Set<String> BOTH = Set.of("will", "may", "dear", "said", "june", "april", "august");
    /** No person is called so. */
    private static final Set<String> COMPANY = Set.of(
            "bank",
            "inc",
            "corp",
            "corporation",
            "company",
            "llc",
            "ltd",
            "gmbh",
            "hospital",
            "clinic",
            "university",
            "school",
            "pharmacy",
            "dental",
            "insurance",
            "office",
            "department",
            "services",
            "delivery",
            "plumbing",
            "pizza",
            "hotel",
            "restaurant");

    private final String text;
    private final boolean cased;

    NameReader(String text) {
        this.text = text;
        this.cased = text.chars().anyMatch(Character::isLowerCase);
    }

    /** The name at {@code start}, written as names are; null when there is none. */
    @Nullable
    String read(int start, Trust trust) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text).region(start, text.length());
        while (words.size() < MOST_WORDS && matcher.find()) {
            String word = matcher.group(1);
            boolean abbreviated = Names.isTitle(word) || (word.length() == 2 && word.endsWith("."));
            boolean ends = word.endsWith(".") && !abbreviated;
            word = word.replaceAll("[.'-]+$", "");
            if (word.endsWith("'s") || word.endsWith("s'")) {
                return null;
            }
            if (!continues(word, words, trust)) {
                break;
            }
            words.add(word);
            if (ends || !matcher.group(2).isEmpty()) {
                if (words.size() == 1 && matcher.group(2).equals("?") && trust != Trust.STRONG) {
                    return null;
                }
                break;
            }
        }
        while (!words.isEmpty() && PARTICLES.contains(words.getLast())) {
            words.removeLast();
        }
        return finished(words);
    }

    private boolean continues(String word, List<String> before, Trust trust) {
        String lower = word.toLowerCase(Locale.ROOT);
        boolean capital = cased && Character.isUpperCase(word.charAt(0));
        if (capital && (BOTH.contains(lower) || (before.isEmpty() && Names.isTitle(word)))) {
            return true;
        }
        if (Speech.isPlain(word) || (NO_NAME_ENDING.matcher(lower).find() && !GivenNames.contains(word))) {
            return false;
        }
        if (before.isEmpty() || (before.size() == 1 && Names.isTitle(before.getFirst()))) {
            return switch (trust) {
                case STRONG -> true;
                case WEAK -> capital || GivenNames.contains(word) || Names.isTitle(word);
                case KNOWN -> GivenNames.contains(word) || Names.isTitle(word);
            };
        }
        if (cased && Character.isUpperCase(before.getFirst().charAt(0))) {
            return capital || PARTICLES.contains(lower);
        }
        return before.size() < 2 || (Names.isTitle(before.getFirst()) && before.size() < 3);
    }

    private static @Nullable String finished(List<String> words) {
        if (words.isEmpty() || LETTERS_ONLY.matcher(words.getFirst()).matches()) {
            return null;
        }
        if (Names.isTitle(words.getFirst()) && words.size() == 1) {
            return null;
        }
        if (words.stream().anyMatch(word -> COMPANY.contains(word.toLowerCase(Locale.ROOT)))) {
            return null;
        }
        return words.stream().map(NameReader::written).collect(Collectors.joining(" "));
    }

    /** {@code JOHN} and {@code john} as {@code John}, {@code o'brien} as {@code O'Brien}; mixed case stays. */
    static String written(String word) {
        boolean mixed =
                word.chars().anyMatch(Character::isLowerCase) && word.chars().anyMatch(Character::isUpperCase);
        if (mixed || PARTICLES.contains(word)) {
            return word;
        }
        return Arrays.stream(word.toLowerCase(Locale.ROOT).split("(?<=[-'])", -1))
                .map(part -> part.isEmpty() ? part : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
                .collect(Collectors.joining());
    }
}
