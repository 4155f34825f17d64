package dev.recaller.worker.speech;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** How long to wait in silence before a transcript counts as all that the caller wants to say. */
record EndOfTurn(Duration minimum, Duration maximum) {

    /** Nothing ends with these, whatever punctuation the transcriber guessed. */
    private static final Set<String> OPEN = Set.of(
            "a", "an", "the", "and", "or", "but", "because", "if", "when", "than", "my", "your", "our", "their", "his",
            "of", "to", "from", "with", "into", "i'm", "it's", "that's", "he's", "she's", "we're", "they're", "i'd",
            "i'll", "i've", "um", "uh", "uhm", "umm", "er", "erm", "hmm", "mister", "mr", "mrs", "ms", "doctor", "dr");

    /** A sentence may end with these when the transcriber put a full stop. */
    private static final Set<String> OPEN_WITHOUT_STOP = Set.of(
            "for", "in", "on", "at", "by", "about", "so", "like", "well", "that", "which", "who", "as", "i", "we", "he",
            "they", "then", "also", "just", "maybe", "not", "very", "really", "want", "need", "would", "can", "will",
            "is", "are", "am", "was", "were");

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
    private static final int DIGITS_OF_A_PHONE = 10;

    EndOfTurn {
        if (minimum.compareTo(maximum) > 0) {
            throw new IllegalArgumentException("minimum %s, maximum %s".formatted(minimum, maximum));
        }
    }

    Duration wait(String transcript) {
        return looksFinished(transcript) ? minimum : maximum;
    }

    static boolean looksFinished(String transcript) {
        String text = transcript.strip().toLowerCase(Locale.ROOT).replace('\u2019', '\'');
        if (text.isEmpty() || text.endsWith("?") || text.endsWith("!")) {
            return true;
        }
        if (text.endsWith("...") || text.endsWith("\u2026") || text.endsWith(",") || text.endsWith("-")) {
            return false;
        }
        boolean stopped = text.endsWith(".");
        String bare = stopped ? text.substring(0, text.length() - 1) : text;
        String lastWord = bare.substring(bare.lastIndexOf(' ') + 1);
        return !OPEN.contains(lastWord)
                && (stopped || !OPEN_WITHOUT_STOP.contains(lastWord))
                && !ANNOUNCED.matcher(bare).matches()
                && !HOLD.matcher(bare).matches()
                && !numberInTheMaking(bare);
    }

    /** Groups of digits that are not a whole telephone number yet: "it is 415 555". */
    private static boolean numberInTheMaking(String text) {
        var digits = DIGITS_AT_END.matcher(text);
        if (digits.find()) {
            int count = (int) digits.group().chars().filter(Character::isDigit).count();
            boolean grouped = digits.group().strip().matches(".*\\d[\\s()+.,-]+\\d.*");
            return count < DIGITS_OF_A_PHONE
                    && (grouped || NUMBER_ANNOUNCED.matcher(text).matches());
        }
        var words = DIGIT_WORDS_AT_END.matcher(text);
        if (words.find()) {
            int count = words.group().strip().split("[\\s,-]+").length;
            return count < DIGITS_OF_A_PHONE
                    && (count >= 3 || NUMBER_ANNOUNCED.matcher(text).matches());
        }
        return false;
    }
}
