package dev.recaller.memory.recall;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Words of a text as a search compares them: without case, accents, the commonest words and endings; forms that no
 * ending explains (went, children, mum, twelve) as one.
 */
final class Words {

    private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");

    private static final Set<String> COMMONEST = Set.of(
            ("a about am an and any are as at be been being but by can could d did do does doing done don for from had has"
                            + " have having he her hers him his how i if in into is it its just ll m me my of on or our ours"
                            + " re s she should so some t than that the their theirs them then there these they this those to"
                            + " too uh um us ve was we were what when where which while who whom whose why will with would"
                            + " you your yours")
                    .split(" "));

    private static final Map<String, String> FORMS = forms();

    private Words() {}

    static List<String> of(String text) {
        return said(text).stream()
                .filter(word -> !COMMONEST.contains(word))
                .map(Words::stem)
                .toList();
    }

    /** How a word in lower case counts. */
    static String stem(String word) {
        return Stemmer.stem(FORMS.getOrDefault(word, word));
    }

    /** All words as they were said, in lower case and without accents. */
    static List<String> said(String text) {
        String plain = plain(text);
        List<String> words = new ArrayList<>();
        int begin = -1;
        for (int at = 0; at <= plain.length(); ) {
            int letter = at < plain.length() ? plain.codePointAt(at) : ' ';
            if (Character.isLetter(letter) || Character.isDigit(letter)) {
                begin = begin < 0 ? at : begin;
            } else if (begin >= 0) {
                words.add(plain.substring(begin, at));
                begin = -1;
            }
            at += Character.charCount(letter);
        }
        return words;
    }

    private static String plain(String text) {
        boolean ascii = true;
        for (int i = 0; i < text.length() && ascii; i++) {
            ascii = text.charAt(i) < 128;
        }
        String bare = ascii
                ? text
                : ACCENTS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD))
                        .replaceAll("");
        return bare.toLowerCase(Locale.ROOT);
    }

    /** Whether a word in lower case says nothing by itself. */
    static boolean isCommon(String word) {
        return COMMONEST.contains(word);
    }

    private static Map<String, String> forms() {
        Map<String, String> forms = new HashMap<>();
        for (String line : WordForms.TABLE.lines().toList()) {
            List<String> words = List.of(line.split(" ", -1));
            words.subList(1, words.size()).forEach(form -> forms.put(form, words.getFirst()));
        }
        return Map.copyOf(forms);
    }
}
