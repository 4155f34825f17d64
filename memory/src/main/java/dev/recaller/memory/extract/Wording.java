package dev.recaller.memory.extract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words as a support check compares them. */
final class Wording {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}]+(?:'[\\p{L}]+)?|\\p{N}+");

    /** Grammar, politeness, and what a report says where the caller says "I". */
    private static final Set<String> EMPTY = Arrays.stream("""
            a about after again all also always am an and any are as at be because been before being but by call called caller
            calls can cannot client could customer d did do does doing for from get gets getting go goes going got had has have
            having he hello her here hers hi him his how i if in into is it its just let like likes ll m made make makes may me
            might mine more most much my no not now of off oh ok okay on one only or other our ours out over own party please
            prefer preference preferred prefers really said say saying says she should so some speaker states such t telephone
            thank thanks that the their them then there these they this those to told too up us user very want wants was we
            well were what when where which while who whom whose why will wish wishes with would yeah yes you your yours
            dr mr mrs ms
            someone something somebody anything mentioned mentions expressed expresses reported reports stated currently
            """.split("\\s+")).collect(Collectors.toUnmodifiableSet());

    /** Beside {@link SpokenDigits}. */
    private static final Map<String, String> NUMBERS =
            Map.of("ten", "10", "eleven", "11", "twelve", "12", "fifteen", "15", "twenty", "20", "thirty", "30");

    /** So much of the longer of two words has to be their common beginning: allergic, allergy. */
    private static final double SAME_BEGINNING = 0.7;

    private static final int SHORTEST_BEGINNING = 5;

    private Wording() {}

    /** In lower case, numbers as digits, possessives without their s. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text.replace('’', '\'').toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            String word = matcher.group().replaceFirst("'s$", "");
            String number = word.length() > 1 ? SpokenDigits.of(word) : null;
            words.add(number == null ? NUMBERS.getOrDefault(word, word) : number);
        }
        return words;
    }

    static boolean isContent(String word) {
        return !EMPTY.contains(word) && (word.length() > 1 || isNumber(word));
    }

    static boolean isNumber(String word) {
        return Character.isDigit(word.charAt(0));
    }

    /** Whether one word is the other in another form: works and working, allergic and allergy. Numbers have one form. */
    static boolean alike(String one, String other) {
        if (one.equals(other)) {
            return true;
        }
        if (isNumber(one) || isNumber(other)) {
            return false;
        }
        if (stem(one).equals(stem(other))) {
            return true;
        }
        int shared = Arrays.mismatch(one.toCharArray(), other.toCharArray());
        int common = shared < 0 ? one.length() : shared;
        return common >= SHORTEST_BEGINNING && common >= SAME_BEGINNING * Math.max(one.length(), other.length());
    }

    static String stem(String word) {
        for (String ending : List.of("ing", "ies", "ed", "es", "s")) {
            if (word.length() - ending.length() >= 3 && word.endsWith(ending)) {
                String rest = word.substring(0, word.length() - ending.length());
                return ending.equals("ies")
                        ? rest + "y"
                        : rest.replaceFirst("([b-df-hj-np-tv-z])\\1$", "$1").replaceFirst("e$", "");
            }
        }
        return word.length() > 3 ? word.replaceFirst("e$", "") : word;
    }
}
