package dev.recaller.worker.speech;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What our last words wanted from the caller, as far as it tells how long they may pause. From English words; of others
 * nothing is known.
 *
 * @param digits how many the number has, 0 when that is not known
 */
record Asked(Kind kind, int digits) {

    enum Kind {
        ANYTHING,
        YES_OR_NO,
        /** Digits, or letters one by one: they come in groups. */
        NUMBER
    }

    static final Asked ANYTHING = new Asked(Kind.ANYTHING, 0);
    private static final Asked YES_OR_NO = new Asked(Kind.YES_OR_NO, 0);

    /** With the area code, in the North American plan; longer ones are waited for no longer. */
    static final int DIGITS_OF_A_PHONE = 10;

    private static final Map<String, Integer> COUNTS =
            Map.of("three", 3, "four", 4, "five", 5, "six", 6, "seven", 7, "eight", 8, "nine", 9, "ten", 10);

    private static final Pattern NUMBER = Pattern.compile(
            "\\b(?:number|digits?|pin|passcode|code|card|zip|postcode|account|date of birth|birthday|spell"
                    + "|e-?mail(?: address)?)\\b");
    private static final Pattern PHONE = Pattern.compile("\\b(?:phone|telephone|mobile|cell|call(?:ed)? you back)\\b");
    private static final Pattern COUNT = Pattern.compile(
            "\\b(\\d{1,2}|three|four|five|six|seven|eight|nine|ten)[ -](?:digits?|numbers?|letters?|characters?)\\b");
    private static final Pattern WANTS = Pattern.compile(
            "\\?|\\b(?:please|tell me|give me|enter|say|spell|may i have" + "|what|which|i(?:'ll| will)? need)\\b");
    private static final Pattern YES_NO =
            Pattern.compile("(?:and |so |okay |ok |now )?(?:is|are|was|were|do|does|did|can|could"
                    + "|will|would|shall|should|has|have|may|am)(?:n't)?\\b(?!.*\\bor\\b).*\\?");
    private static final Pattern TAG = Pattern.compile(".*\\b(?:right|correct|okay|is that so)\\?");

    /** @param said our last words, all of them */
    static Asked by(String said) {
        String text = said.strip().toLowerCase(Locale.ROOT).replace('\u2019', '\'');
        String last = text.substring(lastSentence(text)).replaceAll("^[\\s,]+", "");
        boolean yesOrNo = YES_NO.matcher(last).matches() || TAG.matcher(last).matches();
        if (!yesOrNo && NUMBER.matcher(last).find() && WANTS.matcher(last).find()) {
            return new Asked(Kind.NUMBER, digits(last));
        }
        return yesOrNo ? YES_OR_NO : ANYTHING;
    }

    private static int digits(String text) {
        Matcher count = COUNT.matcher(text);
        if (count.find()) {
            String number = count.group(1);
            return COUNTS.containsKey(number) ? COUNTS.get(number) : Integer.parseInt(number);
        }
        return PHONE.matcher(text).find() ? DIGITS_OF_A_PHONE : 0;
    }

    /** Where it begins: behind the last mark that does not end the text. */
    private static int lastSentence(String text) {
        int end = text.length();
        while (end > 0 && ".!?\"' ".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        for (int i = end - 1; i > 0; i--) {
            if (Character.isWhitespace(text.charAt(i)) && ".!?".indexOf(text.charAt(i - 1)) >= 0) {
                return i + 1;
            }
        }
        return 0;
    }
}
