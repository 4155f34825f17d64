package dev.recaller.worker.speech;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How long to wait in silence before a transcript counts as all that the caller wants to say.
 *
 * @param english whether the words of a transcript mean what they mean in English
 */
record EndOfTurn(Duration minimum, Duration maximum, boolean english) {

    /** Nothing ends with these, whatever punctuation the transcriber guessed. */
    private static final Set<String> OPEN = Set.of(
            "a", "an", "the", "and", "or", "but", "because", "if", "when", "than", "my", "your", "our", "their", "his",
            "of", "to", "from", "with", "into", "i'm", "it's", "that's", "he's", "she's", "we're", "they're", "i'd",
            "i'll", "i've", "um", "uh", "uhm", "umm", "er", "erm", "hmm", "mister", "mr", "mrs", "ms", "doctor", "dr");

    /** A sentence may end with these, but seldom does; a full stop there is mostly the transcriber's guess at a pause. */
    private static final Set<String> SELDOM_LAST = Set.of(
            "for",
            "in",
            "on",
            "at",
            "by",
            "about",
            "after",
            "before",
            "until",
            "since",
            "between",
            "near",
            "over",
            "under",
            "around",
            "through",
            "during",
            "without",
            "so",
            "like",
            "well",
            "that",
            "this",
            "these",
            "those",
            "some",
            "any",
            "every",
            "each",
            "another",
            "which",
            "who",
            "where",
            "whether",
            "while",
            "although",
            "unless",
            "as",
            "i",
            "we",
            "he",
            "she",
            "they",
            "then",
            "also",
            "just",
            "not",
            "very",
            "really",
            "quite",
            "want",
            "need",
            "is",
            "are",
            "am",
            "was",
            "were",
            "be",
            "been",
            "have",
            "has",
            "had",
            "do",
            "does",
            "did",
            "can",
            "could",
            "will",
            "would",
            "shall",
            "should",
            "may",
            "might",
            "must");

    private static final String AUXILIARY =
            "(?:do|does|did|am|are|is|was|were|can|could|will|would|have|has|had|should)";

    /** "Yes, I am", "no, we can not". */
    private static final Pattern ELLIPTIC = Pattern.compile(
            "(?:(?:yes|yeah|yep|no|nope|sure|well|of course)[\\s,.]+)?(?:i|we|you|they|he|she|it|that|there) (?:really )?"
                    + AUXILIARY + "(?: not)?");

    private static final Pattern YES_OR_NO_FIRST = Pattern.compile("(?:yes|yeah|yep|no|nope|sure|of course)\\b.*");
    private static final Pattern GUESS = Pattern.compile(".*\\bi (?:think|hope|guess|suppose|believe) (?:so|not)");
    /** What the last word belongs to stands before: "what I am looking for", "all I have". */
    private static final Pattern STRANDED =
            Pattern.compile(".*\\b(?:what|who|which|where|how|when|all|everything|nothing|anything|something)\\b.+");

    private static final Pattern HOLD = Pattern.compile(
            ".*\\b(you know|i mean|let me (see|think|check|look)|hold on|hang on|wait|one (moment|second)|(just )?a"
                    + " (moment|second|sec|minute))$");
    private static final Pattern ANNOUNCED = Pattern.compile(
            ".*\\b(this|name|number|address|e-?mail|birthday|date|code|problem|question|reason|thing|issue) (is|was)$");
    private static final Pattern DIGITS_AT_END = Pattern.compile("\\d[\\d\\s()+.,-]*$");
    private static final Pattern DIGIT_WORDS_AT_END = Pattern.compile(
            "(?:\\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)\\b[\\s,-]*)+$");
    private static final Pattern NUMBER_ANNOUNCED =
            Pattern.compile(".*\\b(number|phone|call(ed)? me (back )?(at|on)|reach me (at|on)|code|card)\\b.*");
    /** Spelled: "j-o-h-n", "j o h", "j, o". */
    private static final Pattern LETTERS_AT_END = Pattern.compile("(?:\\b[a-z]\\b[\\s,.-]*){2,}$");

    private static final Pattern YES_OR_NO = Pattern.compile(
            "(?:(?:yes|yeah|yep|yup|no|nope|nah|sure|correct|right|exactly|absolutely|of course|that's (?:right|correct|fine)"
                    + "|it is|i do|please|thanks|thank you|okay|ok|maybe|perhaps|not (?:really|yet|sure))[\\s,.]*)+");

    /** So many digits at the end are rather a part of a number than an amount. */
    private static final int A_GROUP = 3;
    /** Of a card; who was asked for a number of unknown length is waited for up to there. */
    private static final int LONGEST_NUMBER = 16;

    EndOfTurn {
        if (minimum.compareTo(maximum) > 0) {
            throw new IllegalArgumentException("minimum %s, maximum %s".formatted(minimum, maximum));
        }
    }

    /**
     * @param asked what the caller answers
     * @param pace whose words they are
     */
    Duration wait(String transcript, Asked asked, Pace pace) {
        return switch (shape(transcript, asked)) {
            case FINISHED -> atPace(pace);
            case ANSWERED -> minimum.multipliedBy(2).dividedBy(3);
            case DICTATING, DOUBTFUL -> middle();
            case OPEN -> maximum;
        };
    }

    /** Who begins again sooner went on. */
    Duration middle() {
        return minimum.plus(maximum).dividedBy(2);
    }

    /** A number, or letters, of which there is more to come: who pauses there does so to be written down. */
    boolean isDictated(String transcript, Asked asked) {
        return shape(transcript, asked) == Shape.DICTATING;
    }

    boolean looksFinished(String transcript, Asked asked) {
        return switch (shape(transcript, asked)) {
            case FINISHED, ANSWERED -> true;
            case DICTATING, DOUBTFUL, OPEN -> false;
        };
    }

    private Duration atPace(Pace pace) {
        Duration slow = pace.silence().compareTo(middle()) < 0 ? pace.silence() : middle();
        return slow.compareTo(minimum) > 0 ? slow : minimum;
    }

    private enum Shape {
        FINISHED,
        /** Yes or no to a question that wants no more. */
        ANSWERED,
        /** A number, or letters, in groups: pauses of a second are a part of it. */
        DICTATING,
        /** It may be all; people who pause here mostly go on. */
        DOUBTFUL,
        OPEN
    }

    private Shape shape(String transcript, Asked asked) {
        String text = transcript.strip().toLowerCase(Locale.ROOT).replace('\u2019', '\'');
        if (text.isEmpty() || text.endsWith("?") || text.endsWith("!")) {
            return Shape.FINISHED;
        }
        boolean stopped = text.endsWith(".") && !text.endsWith("...");
        String bare = stopped ? text.substring(0, text.length() - 1) : text;
        if (dictating(bare, asked)) {
            return Shape.DICTATING;
        }
        if (text.endsWith("...") || text.endsWith("\u2026") || text.endsWith(",") || text.endsWith("-")) {
            return Shape.OPEN;
        }
        if (!english) {
            return Shape.FINISHED;
        }
        if (asked.kind() == Asked.Kind.YES_OR_NO
                && (YES_OR_NO.matcher(bare).matches() || ELLIPTIC.matcher(bare).matches())) {
            return Shape.ANSWERED;
        }
        String lastWord = bare.substring(bare.lastIndexOf(' ') + 1);
        if (OPEN.contains(lastWord)
                || ANNOUNCED.matcher(bare).matches()
                || HOLD.matcher(bare).matches()) {
            return Shape.OPEN;
        }
        if (!SELDOM_LAST.contains(lastWord)) {
            return Shape.FINISHED;
        }
        if (!stopped) {
            return Shape.OPEN;
        }
        return mayEnd(bare, asked) ? Shape.FINISHED : Shape.DOUBTFUL;
    }

    /** With a word that sentences seldom end with. */
    private static boolean mayEnd(String text, Asked asked) {
        boolean answer = asked.kind() != Asked.Kind.NUMBER
                && YES_OR_NO_FIRST.matcher(text).matches()
                && ELLIPTIC.matcher(text).matches();
        return answer || GUESS.matcher(text).matches() || STRANDED.matcher(text).matches();
    }

    /** Groups of digits or letters that are not all of them yet: "it is 415 555". */
    private static boolean dictating(String text, Asked asked) {
        int count = countAtEnd(text);
        if (count == 0) {
            return false;
        }
        if (asked.kind() == Asked.Kind.NUMBER) {
            return count < (asked.digits() > 0 ? asked.digits() : LONGEST_NUMBER);
        }
        return count < Asked.DIGITS_OF_A_PHONE
                && (count >= A_GROUP
                        || grouped(text)
                        || NUMBER_ANNOUNCED.matcher(text).matches());
    }

    /** Digits, as figures or words, or single letters. */
    private static int countAtEnd(String text) {
        var figures = DIGITS_AT_END.matcher(text);
        if (figures.find()) {
            return (int) figures.group().chars().filter(Character::isDigit).count();
        }
        var words = DIGIT_WORDS_AT_END.matcher(text);
        if (words.find()) {
            return words.group().strip().split("[\\s,-]+").length;
        }
        var letters = LETTERS_AT_END.matcher(text);
        return letters.find()
                ? (int) letters.group().chars().filter(Character::isLetter).count()
                : 0;
    }

    private static boolean grouped(String text) {
        var figures = DIGITS_AT_END.matcher(text);
        return figures.find()
                ? figures.group().strip().matches(".*\\d[\\s()+.,-]+\\d.*")
                : DIGIT_WORDS_AT_END.matcher(text).find() && countAtEnd(text) >= 3;
    }
}
