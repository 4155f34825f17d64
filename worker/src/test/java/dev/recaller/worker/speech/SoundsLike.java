package dev.recaller.worker.speech;

import dev.recaller.memory.extract.Names;
import java.util.Arrays;
import java.util.Locale;
import org.assertj.core.api.Condition;

/** What a small speech model may make of words that were said: it writes some as others that sound the same. */
public final class SoundsLike {
    /** Of so many words one may be misheard altogether. */
    private static final int WORDS_A_MISTAKE = 4;

    private SoundsLike() {}

    /** Holds for a transcript in which these words follow one another, by their sound. */
    public static Condition<String> words(String phrase) {
        String[] wanted = split(phrase);
        return new Condition<>(transcript -> contains(split(transcript), wanted), "a transcript of \"%s\"", phrase);
    }

    private static boolean contains(String[] heard, String[] wanted) {
        for (int from = 0; from + wanted.length <= heard.length; from++) {
            int misheard = 0;
            for (int i = 0; i < wanted.length; i++) {
                String said = heard[from + i];
                misheard += said.equals(wanted[i]) || Names.alike(said, wanted[i]) ? 0 : 1;
            }
            if (misheard <= wanted.length / WORDS_A_MISTAKE) {
                return true;
            }
        }
        return false;
    }

    private static String[] split(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^a-z0-9']+", -1))
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
    }
}
