package dev.recaller.worker.speech;

import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a voice is given, and which place of the original text each of its letters stands for, so that what was heard can be
 * told in the original's words. Immutable.
 */
final class Spoken {

    private final String original;
    private final String text;
    private final int[] origins;

    private Spoken(String original, String text, int[] origins) {
        this.original = original;
        this.text = text;
        this.origins = origins;
    }

    static Spoken verbatim(String original) {
        var origins = new int[original.length()];
        Arrays.setAll(origins, i -> i);
        return new Spoken(original, original, origins);
    }

    String original() {
        return original;
    }

    String text() {
        return text;
    }

    /** Whether there is anything a voice could say. */
    boolean isAnything() {
        return text.codePoints().anyMatch(Character::isLetterOrDigit);
    }

    /** Each match by what is made of it; that counts as heard only when all of it was. */
    Spoken replace(Pattern pattern, Function<MatchResult, String> by) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return this;
        }
        var replaced = new StringBuilder();
        int[] from = new int[text.length() * 2 + 16];
        int done = 0;
        do {
            String replacement = by.apply(matcher.toMatchResult());
            int length = replaced.length() + matcher.start() - done;
            from = roomFor(from, length + replacement.length() + text.length());
            System.arraycopy(origins, done, from, replaced.length(), matcher.start() - done);
            replaced.append(text, done, matcher.start()).append(replacement);
            Arrays.fill(from, length, replaced.length(), origin(matcher.start()));
            done = matcher.end();
        } while (matcher.find());
        System.arraycopy(origins, done, from, replaced.length(), text.length() - done);
        replaced.append(text, done, text.length());
        return new Spoken(original, replaced.toString(), Arrays.copyOf(from, replaced.length()));
    }

    /** The original's whole words that were said with the first so many letters of the text. */
    String heard(int letters) {
        if (letters >= text.length()) {
            return original;
        }
        int end = origin(Math.max(0, letters));
        while (end > 0 && !Character.isWhitespace(original.charAt(end))) {
            end--;
        }
        return original.substring(0, end).stripTrailing();
    }

    private int origin(int at) {
        return at < origins.length ? origins[at] : original.length();
    }

    private static int[] roomFor(int[] array, int length) {
        return array.length >= length ? array : Arrays.copyOf(array, 2 * length);
    }
}
