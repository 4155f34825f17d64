package dev.recaller.flow.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Cuts text that is still being written into sentences, so that the first can be spoken while the rest is missing. In
 * doubt (abbreviations, initials, numbers) it does not cut: a long sentence sounds better than a broken one. The same text
 * gives the same sentences, in whatever pieces it came.
 */
final class SentenceSplitter {

    /** Text without a sentence's end is cut here at a comma or space, so that speech starts. */
    private static final int MAX_SENTENCE = 300;

    private static final String MARKS = ".!?…؟।";
    private static final String MARKS_WITHOUT_SPACE = "。！？";
    /** Right behind a mark; German closes with what others open with. */
    private static final String CLOSING = "\"'”’“‘)]»«›」』";

    private static final String OPENING = "\"'“‘„«‹¿¡([";

    /** What a mark turns out to be. Not known: what follows it has to be seen first. */
    private enum Judgement {
        ENDS,
        GOES_ON,
        NOT_KNOWN
    }

    private final Abbreviations abbreviations;
    private final Clauses clauses;
    private final StringBuilder buffer = new StringBuilder();

    SentenceSplitter(Locale locale) {
        this.abbreviations = Abbreviations.of(locale);
        this.clauses = Clauses.of(locale);
    }

    /** All sentences of a text that is complete. */
    static List<String> split(String text, Locale locale) {
        SentenceSplitter splitter = new SentenceSplitter(locale);
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
            String sentence = take(end);
            if (isSpeakable(sentence)) {
                return Optional.of(sentence);
            }
        }
    }

    /** The beginning of a sentence whose end is not there yet, where a speaker might pause. */
    Optional<String> clause() {
        int end = clauses.end(buffer);
        return end < 0 ? Optional.empty() : Optional.of(take(end));
    }

    /** What is left once the text is complete. */
    Optional<String> rest() {
        return Optional.of(take(buffer.length())).filter(SentenceSplitter::isSpeakable);
    }

    private String take(int end) {
        String taken = PlainText.of(buffer.substring(0, end));
        buffer.delete(0, end);
        return taken;
    }

    private static boolean isSpeakable(String sentence) {
        return sentence.codePoints().anyMatch(Character::isLetterOrDigit);
    }

    /** Where the first sentence ends, behind its mark; -1 when that is not known yet. */
    private int end() {
        for (int at = 0; at < buffer.length(); at++) {
            char c = buffer.charAt(at);
            if (c == '\n') {
                return at + 1;
            }
            if (MARKS.indexOf(c) >= 0 || MARKS_WITHOUT_SPACE.indexOf(c) >= 0) {
                int after = behind(at);
                switch (judge(at, after)) {
                    case ENDS -> {
                        return after;
                    }
                    case NOT_KNOWN -> {
                        return -1;
                    }
                    case GOES_ON -> at = after - 1;
                }
            }
            if (at >= MAX_SENTENCE) {
                return softEnd(at);
            }
        }
        return -1;
    }

    /** Behind a mark, those that go with it, and what closes after them: French puts a space before its quotation mark. */
    private int behind(int mark) {
        int after = mark + 1;
        while (after < buffer.length() && belongsToMark(buffer.charAt(after))) {
            after++;
        }
        int next = nextVisible(after);
        return next < buffer.length() && buffer.charAt(next) == '»' && isOpen(next) ? next + 1 : after;
    }

    private static boolean belongsToMark(char c) {
        return MARKS.indexOf(c) >= 0 || MARKS_WITHOUT_SPACE.indexOf(c) >= 0 || CLOSING.indexOf(c) >= 0;
    }

    private boolean isOpen(int before) {
        return buffer.lastIndexOf("«", before - 1) > buffer.lastIndexOf("»", before - 1);
    }

    private Judgement judge(int mark, int after) {
        if (after == buffer.length()) {
            return Judgement.NOT_KNOWN;
        }
        char following = buffer.charAt(after);
        if (MARKS_WITHOUT_SPACE.indexOf(buffer.charAt(mark)) >= 0 || Character.isIdeographic(following)) {
            return Judgement.ENDS;
        }
        if (!Character.isWhitespace(following)) {
            return Judgement.GOES_ON;
        }
        int next = nextVisible(after);
        if (next == buffer.length() && isOpen(after)) {
            return Judgement.NOT_KNOWN;
        }
        boolean single = after == mark + 1 && buffer.charAt(mark) == '.';
        if (single) {
            return judgeDot(mark, next);
        }
        boolean ellipsis = buffer.charAt(mark) == '…' || buffer.charAt(mark) == '.';
        boolean closed = CLOSING.indexOf(buffer.charAt(after - 1)) >= 0;
        return ellipsis || closed ? unless(next, Character::isLowerCase) : Judgement.ENDS;
    }

    private Judgement judgeDot(int dot, int next) {
        return switch (abbreviations.before(wordBefore(dot), isFirstWord(dot))) {
            case NONE -> Judgement.ENDS;
            case INSIDE -> Judgement.GOES_ON;
            case BEFORE_A_NUMBER -> unless(next, Character::isDigit);
            case NUMBER -> unless(next, Character::isLowerCase);
            case MAY_END -> unless(next, c -> !Character.isUpperCase(c) && OPENING.indexOf(c) < 0);
        };
    }

    private interface Test {
        boolean holds(char c);
    }

    private Judgement unless(int next, Test goesOn) {
        if (next == buffer.length()) {
            return Judgement.NOT_KNOWN;
        }
        return goesOn.holds(buffer.charAt(next)) ? Judgement.GOES_ON : Judgement.ENDS;
    }

    /** A new line is visible: it ends what stands before it. */
    private int nextVisible(int from) {
        int at = from;
        while (at < buffer.length() && Character.isWhitespace(buffer.charAt(at)) && buffer.charAt(at) != '\n') {
            at++;
        }
        return at;
    }

    private int startOfWord(int dot) {
        int start = dot;
        while (start > 0 && !Character.isWhitespace(buffer.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    private String wordBefore(int dot) {
        return buffer.substring(startOfWord(dot), dot);
    }

    private boolean isFirstWord(int dot) {
        return buffer.substring(0, startOfWord(dot)).isBlank();
    }

    private int softEnd(int limit) {
        int comma = Math.max(buffer.lastIndexOf(", ", limit), buffer.lastIndexOf("; ", limit));
        int space = buffer.lastIndexOf(" ", limit);
        return comma > limit / 2 ? comma + 1 : space > 0 ? space : limit;
    }
}
