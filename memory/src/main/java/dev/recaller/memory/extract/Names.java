package dev.recaller.memory.extract;

import java.util.Locale;
import java.util.Set;
import org.apache.commons.codec.language.DoubleMetaphone;

/** When two names are one, and how to greet by them. */
public final class Names {

    private static final Set<String> TITLES =
            Set.of("mr", "mrs", "ms", "miss", "mister", "missus", "dr", "doctor", "professor", "prof", "sir", "madam");

    /** Codes so long tell names apart by themselves; shorter ones do not: John and Jane are both JN. */
    private static final int TELLING = 4;

    private Names() {}

    /** What to call somebody by: the given name, or title and all where a title was given. */
    public static String greeting(String name) {
        String[] words = name.split(" ", -1);
        return isTitle(words[0]) ? name : words[0];
    }

    /**
     * Whether two names sound alike, as when speech recognition wrote one of them down: Jon and John, Katherine and
     * Catherine. A given name is the same with and without its surname; two surnames have to sound alike too.
     */
    public static boolean alike(String one, String other) {
        String[] first = words(one);
        String[] second = words(other);
        if (first.length == 0 || second.length == 0 || !soundAlike(first[0], second[0])) {
            return first.length > 1
                    && second.length > 1
                    && String.join("", first).equals(String.join("", second));
        }
        return first.length == 1
                || second.length == 1
                || soundAlike(first[first.length - 1], second[second.length - 1]);
    }

    static boolean isTitle(String word) {
        return TITLES.contains(word.toLowerCase(Locale.ROOT).replace(".", ""));
    }

    private static String[] words(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replace(".", "")
                .replaceAll("^(" + String.join("|", TITLES) + ") (?=.)", "")
                .split("[ -]+", -1);
    }

    private static boolean soundAlike(String one, String other) {
        if (one.equals(other)) {
            return true;
        }
        var metaphone = new DoubleMetaphone();
        metaphone.setMaxCodeLen(12);
        String code = metaphone.doubleMetaphone(one);
        String otherCode = metaphone.doubleMetaphone(other);
        boolean same = code.equals(otherCode)
                || code.equals(metaphone.doubleMetaphone(other, true))
                || otherCode.equals(metaphone.doubleMetaphone(one, true));
        return !code.isEmpty()
                && same
                && (code.length() >= TELLING || vowels(one).equals(vowels(other)));
    }

    /** The first vowel and the last sounded one: John and Jon have the same, Jane, Peter and Petra do not. */
    private static String vowels(String name) {
        String plain = name.replaceAll("(?<=.)y", "i")
                .replaceAll("gh$", "")
                .replaceAll("(?:ie|ei|ee)$", "i")
                .replaceAll("[eh]+$", "");
        String first = plain.replaceAll("^[^aeiou]*", "");
        String end = plain.isEmpty() ? "" : plain.substring(plain.length() - 1);
        return (first.isEmpty() ? "" : first.substring(0, 1)) + ("aiou".contains(end) ? end : "");
    }
}
