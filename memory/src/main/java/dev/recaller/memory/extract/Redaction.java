package dev.recaller.memory.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes out what must never be stored: card numbers, PINs, passwords and the codes that go with them. */
public final class Redaction {

    private static final int FEWEST_CARD_DIGITS = 13;
    private static final int MOST_CARD_DIGITS = 19;
    private static final int FEWEST_SECRET_DIGITS = 3;
    /** How far before its digits a PIN is named. */
    private static final int NAMED_BEFORE = 60;

    private static final String CARD = "[card number]";
    private static final String SECRET = "[secret]";

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\d]+");
    private static final Pattern BETWEEN_DIGITS = Pattern.compile("[\\s.,-]*");

    private static final String CODE =
            "(?:pins?|pin ?codes?|pin numbers?|passcode|pass code|cvv2?|cvc2?|cv2|security (?:code|number)"
                    + "|one[- ]time (?:code|passcode|password)|verification code|access code)";
    private static final Pattern CODE_BEFORE = ignoringCase("\\b" + CODE + "\\b[^.!?]{0,30}[\\s:,-]$");
    private static final Pattern CODE_AFTER = ignoringCase("^,? (?:is|was) (?:my|the) " + CODE + "\\b");
    private static final Pattern PASSWORD_IS = ignoringCase(
            "\\b(?:password|passphrase|pass phrase)(?: now)?(?: is| was|'s|:| it's)(?: still| now)?+\\s*+[:,]?+\\s*+"
                    + "(?!(?:not|wrong|incorrect|expired|working|broken|locked|too|invalid|being|no longer|never)\\b)([^\\n]+?)"
                    + "(?=$|[.!?](?:\\s|$)|,? and (?:i|my|can|could|please)\\b|,? but\\b)");
    private static final Pattern ASKS_CODE =
            ignoringCase("\\b(?:" + CODE + "|card number|credit card|debit card|expir(?:y|ation)(?: date)?)\\b");
    private static final Pattern ASKS_PASSWORD = ignoringCase("\\b(?:password|passphrase)\\b");
    private static final Pattern QUESTION =
            ignoringCase("\\?|\\b(?:please|enter|tell|say|give|what|confirm|provide|need)\\b");

    private record Digits(int start, int end, String value) {}

    private Redaction() {}

    /**
     * The text without secrets.
     *
     * @param before what the other side said right before: digits that answer "what is your PIN?" are a PIN
     */
    public static String apply(String text, @Nullable String before) {
        boolean asked = before != null && QUESTION.matcher(before).find();
        if (asked && ASKS_PASSWORD.matcher(before).find()) {
            return SECRET;
        }
        boolean codeAsked = asked && ASKS_CODE.matcher(before).find();
        var result = new StringBuilder();
        int written = 0;
        for (List<Digits> run : runs(text)) {
            int start = run.getFirst().start();
            int end = run.getLast().end();
            if ((codeAsked && digits(run) >= FEWEST_SECRET_DIGITS) || isCode(text, written, start, end, digits(run))) {
                result.append(text, written, start).append(SECRET);
                written = end;
            } else {
                written = withoutCards(text, run, result, written);
            }
        }
        return withoutPassword(result.append(text.substring(written)).toString());
    }

    private static boolean isCode(String text, int from, int start, int end, int digits) {
        return digits >= FEWEST_SECRET_DIGITS
                && (CODE_BEFORE
                                .matcher(text.substring(Math.max(from, start - NAMED_BEFORE), start))
                                .find()
                        || CODE_AFTER.matcher(text.substring(end)).find());
    }

    /** Digits and words for digits that follow one another. */
    private static List<List<Digits>> runs(String text) {
        List<List<Digits>> runs = new ArrayList<>();
        Matcher words = WORD.matcher(text);
        while (words.find()) {
            String value = SpokenDigits.of(words.group());
            if (value == null) {
                continue;
            }
            var digits = new Digits(words.start(), words.end(), value);
            if (!runs.isEmpty() && follows(text, runs.getLast().getLast(), digits)) {
                runs.getLast().add(digits);
            } else {
                runs.add(new ArrayList<>(List.of(digits)));
            }
        }
        return runs;
    }

    private static boolean follows(String text, Digits one, Digits next) {
        return BETWEEN_DIGITS.matcher(text.substring(one.end(), next.start())).matches();
    }

    private static int digits(List<Digits> run) {
        return run.stream().mapToInt(digits -> digits.value().length()).sum();
    }

    /** Writes the text up to the end of the last card number of the run; returns how far the text is written. */
    private static int withoutCards(String text, List<Digits> run, StringBuilder result, int written) {
        int done = written;
        for (int from = 0; from < run.size(); from++) {
            for (int to = Math.min(run.size(), from + MOST_CARD_DIGITS); to > from; to--) {
                if (isCard(run.subList(from, to))) {
                    result.append(text, done, run.get(from).start()).append(CARD);
                    done = run.get(to - 1).end();
                    from = to - 1;
                    break;
                }
            }
        }
        return done;
    }

    /** As many digits as a card has, whose check digit (Luhn) is right. */
    private static boolean isCard(List<Digits> run) {
        int length = digits(run);
        if (length < FEWEST_CARD_DIGITS || length > MOST_CARD_DIGITS) {
            return false;
        }
        int sum = 0;
        int place = length;
        for (Digits digits : run) {
            for (char character : digits.value().toCharArray()) {
                place--;
                int digit = Character.digit(character, 10);
                int doubled = place % 2 == 0 ? digit : digit * 2;
                sum += doubled > 9 ? doubled - 9 : doubled;
            }
        }
        return sum % 10 == 0;
    }

    private static String withoutPassword(String text) {
        Matcher matcher = PASSWORD_IS.matcher(text);
        var result = new StringBuilder();
        int written = 0;
        while (matcher.find()) {
            result.append(text, written, matcher.start(1)).append(SECRET);
            written = matcher.end(1);
        }
        return result.append(text.substring(written)).toString();
    }

    private static Pattern ignoringCase(String words) {
        return Pattern.compile(words, Pattern.CASE_INSENSITIVE);
    }
}
