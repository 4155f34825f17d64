package dev.recaller.memory.recall;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Words of a text as a search compares them: without case, accents, the commonest words and plain endings. */
final class Words {

    private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");
    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Set<String> COMMONEST = Set.of(
            ("a about am an and are as at be been but by can could did do does for from had has have he her hi him his how i if"
                            + " in is it its me my of on or our she so that the their them there they this to um uh was we were what"
                            + " when where which who will with would you your s t m re ve ll d")
                    .split(" "));

    private Words() {}

    static List<String> of(String text) {
        String plain =
                ACCENTS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
        return Arrays.stream(BETWEEN.split(plain.toLowerCase(Locale.ROOT)))
                .filter(word -> !word.isEmpty() && !COMMONEST.contains(word))
                .map(Words::stem)
                .toList();
    }

    private static String stem(String word) {
        int length = word.length();
        if (length > 5 && word.endsWith("ing")) {
            return bare(word.substring(0, length - 3));
        }
        if (length > 4 && word.endsWith("ed")) {
            return bare(word.substring(0, length - 2));
        }
        if (length > 4 && word.endsWith("ies")) {
            return word.substring(0, length - 3) + "y";
        }
        if (length > 3 && word.endsWith("s") && !word.endsWith("ss") && !word.endsWith("us")) {
            return bare(word.substring(0, length - 1));
        }
        return bare(word);
    }

    /** Without a final e or doubled consonant, so that move, moving and plan, planned meet. */
    private static String bare(String stem) {
        int last = stem.length() - 1;
        boolean doubled =
                last > 2 && stem.charAt(last) == stem.charAt(last - 1) && "bdgmnprt".indexOf(stem.charAt(last)) >= 0;
        return doubled || (last > 2 && stem.endsWith("e")) ? stem.substring(0, last) : stem;
    }
}
