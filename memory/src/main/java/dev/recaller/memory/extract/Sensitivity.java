package dev.recaller.memory.extract;

import java.util.regex.Pattern;

/**
 * The closed rules for what a number alone must not read back: address, e-mail, date of birth, health, money, account and
 * order numbers, whereabouts of others.
 */
public final class Sensitivity {

    private static final Pattern SENSITIVE = Pattern.compile(
            // e-mail
            "[^\\s@]@[^\\s@]{1,255}\\.[^\\s@]|\\bat (?:gmail|yahoo|hotmail|outlook|icloud)\\b|\\bat \\w+ dot \\w+"
                    // address
                    + "|\\b(?:my|our|home|billing|shipping|delivery|new) address\\b|\\bi live (?:at|on|in)\\b|\\b(?:zip|postal) ?code\\b"
                    + "|\\b\\d+ (?:\\w+ ){1,3}(?:street|st|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|court|place|square|way)\\b"
                    // date of birth
                    + "|\\bdate of birth\\b|\\bbirth(?:day|date)\\b|\\b(?:i was|was) born\\b"
                    // health
                    + "|\\b(?:diagnos\\w*|medicat\\w*|medicine|prescri\\w*|cancer|diabet\\w*|pregnan\\w*|surgery|hospital\\w*|therap\\w*"
                    + "|symptom\\w*|allerg\\w*|blood (?:pressure|test|sugar)|insulin|depress\\w*|anxiety|asthma|disab\\w*|illness|disease"
                    + "|hiv|chemo\\w*|heart attack|stroke|doctor'?s? appointment|my doctor|treatment|vaccin\\w*|miscarriage|addict\\w*)\\b"
                    // money
                    + "|[$€£]\\s?\\d|\\b\\d[\\d,.]* (?:dollars|euros|pounds|bucks)\\b|\\b(?:salary|income|debts?|loans?|mortgage|bank"
                    + "|overdraft|iban|credit (?:card|score|rating)|debit card|bankrupt\\w*|my balance|account balance|i owe|pension|tax(?:es)?)\\b"
                    // account and order numbers
                    + "|\\b(?:account|order|policy|claim|reference|case|member|customer|booking|confirmation|tracking|invoice|passport"
                    + "|licen[cs]e|social security|ssn) (?:number|no|id|code)\\b|\\b(?:order|account|policy|claim|case|booking) (?:is )?#?\\d"
                    + "|\\d(?:[ -]?\\d){5}"
                    // whereabouts of others
                    + "|\\b(?:he|she|they|(?:my|his|her|our) (?:husband|wife|partner|son|daughter|kids?|children|mother|father|mom|mum|dad"
                    + "|parents|brother|sister|boss|roommate|neighbou?r))(?: is|'s| are|'re|) (?:away|out of (?:town|the country)|on (?:vacation|holiday)"
                    + "|(?:at|in) (?:home|work|school|the hospital|prison|jail|[A-Z]\\w+)|alone|traveling|travelling)|\\bhome alone\\b",
            Pattern.CASE_INSENSITIVE);

    /** As an event has it; so many digits would look like an account. */
    private static final Pattern DAY = Pattern.compile("(?<![\\d-])20\\d{2}-[01]\\d-[0-3]\\d(?![\\d-])");

    private static final Pattern QUESTION =
            Pattern.compile("\\?|\\b(?:tell|give|say|spell|confirm|provide|need)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern YOUR = Pattern.compile("\\byour\\b", Pattern.CASE_INSENSITIVE);

    private Sensitivity() {}

    public static boolean isSensitive(String text) {
        String written = DAY.matcher(SpokenDigits.written(text)).replaceAll("0");
        return SENSITIVE.matcher(written).find();
    }

    /** Whether the answer to this question is, whatever its words. */
    public static boolean asks(String question) {
        return QUESTION.matcher(question).find()
                && isSensitive(YOUR.matcher(question).replaceAll("my"));
    }
}
