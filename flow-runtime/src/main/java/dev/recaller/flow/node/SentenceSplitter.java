package dev.recaller.flow.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts text that is still being written into sentences, so that the first can be spoken while the rest is missing. In
 * doubt (abbreviations, initials, numbers) it does not cut: a long sentence sounds better than a broken one.
 */
final class SentenceSplitter {

    /** Text without a sentence's end is cut here at a comma or space, so that speech starts. */
    private static final int MAX_SENTENCE = 300;

    private static final Set<String> ABBREVIATIONS = Set.of(
            "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "vs", "etc", "e.g", "i.e", "a.m", "p.m", "approx", "inc",
            "ltd", "corp", "dept", "est", "ext", "no", "nr", "tel", "ave", "blvd", "rd", "hr", "fr", "bzw", "ca", "z.b",
            "d.h", "u.a", "usw", "mme", "sra", "av", "u.s", "u.k");

    private final StringBuilder buffer = new StringBuilder();

    /** All sentences of a text that is complete. */
    static List<String> split(String text) {
        SentenceSplitter splitter = new SentenceSplitter();
        splitter.add(text);
        List<String> sentences = new ArrayList<>();
        for (Optional<String> next = splitter.next(); next.isPresent(); next = splitter.next()) {
            sentences.add(next.get());
        }
        splitter.rest().ifPresent(sentences::add);
        return sentences;
    }

    void add(String delta) {
        buffer.append(delta);
    }

    /** The next sentence that is certainly complete; to be asked until there is none. */
    Optional<String> next() {
        while (true) {
            int end = end();
            if (end < 0) {
                return Optional.empty();
            }
            String sentence = SpokenText.speakable(buffer.substring(0, end));
            buffer.delete(0, end);
            if (isSpeakable(sentence)) {
                return Optional.of(sentence);
            }
        }
    }

    /** What is left once the text is complete. */
    Optional<String> rest() {
        String sentence = SpokenText.speakable(buffer.toString());
        buffer.setLength(0);
        return Optional.of(sentence).filter(SentenceSplitter::isSpeakable);
    }

    private static boolean isSpeakable(String sentence) {
        return sentence.codePoints().anyMatch(Character::isLetterOrDigit);
    }

    /** Where the first sentence ends, behind its mark; -1 when that is not known yet. */
    private int end() {
        for (int i = 0; i < buffer.length(); i++) {
            char c = buffer.charAt(i);
            if (c == '\n' || "。！？".indexOf(c) >= 0) {
                return i + 1;
            }
            if (".!?…".indexOf(c) >= 0) {
                int after = i + 1;
                while (after < buffer.length() && ".!?…\"'”’)]".indexOf(buffer.charAt(after)) >= 0) {
                    after++;
                }
                if (after < buffer.length()
                        && Character.isWhitespace(buffer.charAt(after))
                        && !(c == '.' && belongsToWord(i))) {
                    return after;
                }
                i = after - 1;
            }
            if (i >= MAX_SENTENCE) {
                return softEnd(i);
            }
        }
        return -1;
    }

    private boolean belongsToWord(int dot) {
        int start = dot;
        while (start > 0 && !Character.isWhitespace(buffer.charAt(start - 1))) {
            start--;
        }
        String word = buffer.substring(start, dot).toLowerCase(Locale.ROOT).replaceAll("^[\"'(\\[]+", "");
        boolean initial = word.length() == 1 && Character.isLetter(word.charAt(0)) && !word.equals("i");
        boolean ordinal = word.length() <= 2 && !word.isEmpty() && word.chars().allMatch(Character::isDigit);
        return initial || ordinal || ABBREVIATIONS.contains(word);
    }

    private int softEnd(int limit) {
        int comma = Math.max(buffer.lastIndexOf(", ", limit), buffer.lastIndexOf("; ", limit));
        int space = buffer.lastIndexOf(" ", limit);
        return comma > limit / 2 ? comma + 1 : space > 0 ? space : limit;
    }
}
