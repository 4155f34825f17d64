package dev.recaller.memory.extract;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds how the caller wants to be reached. Pure: the same words give the same preferences. */
public final class ContactPreferences {

    /** A value of a key of the registry, as the caller stated it. */
    public record Found(PreferenceKey key, String value) {}

    private record Rule(Pattern words, String value) {
        Rule(String words, String value) {
            this(Pattern.compile(words, Pattern.CASE_INSENSITIVE), value);
        }
    }

    private static final String NEVER =
            "\\b(?:don't|do not|dont|never|stop|quit|please no|not to)\\s+(?:ever\\s+|try to\\s+)?";
    private static final String TO_ME =
            "(?:\\s+me)?(?=\\s*(?:$|[.,;!?]|any\\s?more|again|please|at all|ever|so|on the phone|i\\b|and|but|just))";

    private static final List<Rule> AVOID = List.of(
            new Rule(NEVER + "(?:call|calling|phone|phoning|ring|ringing)" + TO_ME, "phone"),
            new Rule("\\bno (?:more )?(?:phone )?calls(?:,? please)?\\s*(?=$|[.,;!?])", "phone"),
            new Rule(NEVER + "(?:text|texting|sms|message|messaging)" + TO_ME, "sms"),
            new Rule("\\bno (?:more )?(?:texts|text messages)\\b", "sms"),
            new Rule(NEVER + "(?:e-?mail|e-?mailing)" + TO_ME, "email"),
            new Rule("\\bno (?:more )?e-?mails\\b", "email"));

    /** Somebody else is the subject, or it is told, not asked for. */
    private static final String NOBODY_ELSE = "(?<!\\b(?:don't|not|dont|never|you|they|he|she|did|didn't|to) )";

    private static final String BEST =
            "(?: (?:message|messages|call|calls))?(?: is| are|'s|'d be| would be| works)? (?:the )?(?:best|better|preferred|easiest|preferable)\\b";
    private static final String PREFER =
            "\\b(?:prefer|rather have|like|want)(?: to be (?:reached|contacted))?(?: by| via| through| an?| getting)? ";

    private static final List<Rule> CHANNEL = List.of(
            new Rule(NOBODY_ELSE + "\\b(?:text|sms) me\\b", "sms"),
            new Rule("\\bsend me an? (?:text|sms)\\b", "sms"),
            new Rule("\\b(?:text|texting|texts|sms)" + BEST, "sms"),
            new Rule(PREFER + "(?:text|texts|texting|sms)\\b", "sms"),
            new Rule("\\b(?:reach|contact) me (?:by|via|through|with) (?:text|sms)\\b", "sms"),
            new Rule(NOBODY_ELSE + "\\be-?mail me\\b", "email"),
            new Rule("\\bsend me an e-?mail\\b", "email"),
            new Rule("\\be-?mail" + BEST, "email"),
            new Rule(PREFER + "e-?mails?\\b", "email"),
            new Rule("\\b(?:reach|contact) me (?:by|via|through|on) e-?mail\\b", "email"),
            new Rule("\\b(?:phone|calling|phone calls?|a call)" + BEST, "phone"),
            new Rule(PREFER + "(?:phone|phone calls?|calls?)\\b", "phone"),
            new Rule("\\b(?:reach|contact) me (?:by|via|on|over) (?:the )?phone\\b", "phone"),
            new Rule("\\b(?:call|phone) me instead\\b", "phone"),
            new Rule("\\bwhats\\s?app(?: me\\b|" + BEST + ")", "whatsapp"),
            new Rule(PREFER + "whats\\s?app\\b", "whatsapp"));

    private static final String WHEN =
            "((?:(?:not )?(?:before|after(?! all\\b)|around|until|between|at) [\\w:.' ]{1,30}?|(?:only )?(?:in|during) the (?:morning|afternoon|evening|week)s?"
                    + "|on (?:weekdays|weekends|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)|tomorrow [a-z]+))"
                    + "(?=\\s*(?:$|[,;!?]|\\.(?:\\s|$)|because|since|please|if|so\\b|and (?:i|not|my)\\b))";
    private static final Pattern TIME = Pattern.compile(
            "(don't |do not |dont |never |not )?\\b(?:call|phone|ring|reach|text|contact) me (?:back )?(?:only )?"
                    + WHEN,
            Pattern.CASE_INSENSITIVE);
    private static final Pattern BEST_TIME = Pattern.compile(
            "\\bbest time (?:to (?:call|reach) me )?is " + WHEN
                    + "|\\b(mornings|afternoons|evenings|weekdays|weekends) (?:are|work) (?:the )?best\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern NUMBER = Pattern.compile(
            "\\b(?:call me (?:back )?(?:at|on)|reach me (?:at|on)|my (?:callback |call back |phone |cell |mobile )?number is)"
                    + "\\s*(\\+?[0-9][0-9 ().-]{5,20}[0-9])",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern LANGUAGE = Pattern.compile(
            "\\b(?:prefer|rather|can we|could we|can you|could you|let's|want to|like to)(?: to)?(?: speak| talk| continue)?(?: in)? "
                    + "(english|spanish|french|german|italian|portuguese|dutch|polish|russian|ukrainian|turkish|arabic|hindi"
                    + "|mandarin|chinese|japanese|korean)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final String NAME = "[\\w+-]+(?:(?: dot |\\.)[\\w+-]+){0,4}";
    private static final Pattern EMAIL = Pattern.compile(
            "\\bmy (?:new |private |work )?e-?mail(?: address)?(?: is| is now|'s)(?: now)?[:,]?\\s+(" + NAME
                    + "\\s?(?:@| at )\\s?" + NAME + ")",
            Pattern.CASE_INSENSITIVE);

    private ContactPreferences() {}

    /** What one turn of the caller states; at most one value a key, the last said. */
    public static List<Found> in(Utterance said) {
        if (!said.byCaller()) {
            return List.of();
        }
        String text = SpokenDigits.written(Speech.tidy(said.text()));
        Map<PreferenceKey, String> found = new LinkedHashMap<>();
        put(found, PreferenceKey.CONTACT_AVOID, last(AVOID, text));
        put(found, PreferenceKey.CONTACT_CHANNEL, last(CHANNEL, text));
        put(found, PreferenceKey.CONTACT_TIME, time(text));
        Matcher number = NUMBER.matcher(text);
        while (number.find()) {
            String digits = number.group(1).replaceAll("[^0-9+]", "");
            if (digits.length() >= 7) {
                found.put(PreferenceKey.CALLBACK_NUMBER, digits);
            }
        }
        Matcher email = EMAIL.matcher(text);
        while (email.find()) {
            found.put(PreferenceKey.EMAIL, address(email.group(1)));
        }
        Matcher language = LANGUAGE.matcher(text);
        while (language.find()) {
            found.put(PreferenceKey.LANGUAGE, language.group(1).toLowerCase(Locale.ROOT));
        }
        List<Found> list = new ArrayList<>();
        found.forEach((key, value) -> list.add(new Found(key, value)));
        return list;
    }

    private static String address(String said) {
        return said.toLowerCase(Locale.ROOT).replace(" dot ", ".").replaceAll("\\s?(?:@| at )\\s?", "@");
    }

    private static void put(Map<PreferenceKey, String> found, PreferenceKey key, @Nullable String value) {
        if (value != null) {
            found.put(key, value);
        }
    }

    private static @Nullable String last(List<Rule> rules, String text) {
        String value = null;
        int at = -1;
        for (Rule rule : rules) {
            Matcher matcher = rule.words().matcher(text);
            while (matcher.find()) {
                if (matcher.start() >= at) {
                    at = matcher.start();
                    value = rule.value();
                }
            }
        }
        return value;
    }

    private static @Nullable String time(String text) {
        Matcher best = BEST_TIME.matcher(text);
        if (best.find()) {
            String when = best.group(1) != null ? best.group(1) : best.group(2);
            return when.toLowerCase(Locale.ROOT).strip();
        }
        Matcher matcher = TIME.matcher(text);
        String value = null;
        while (matcher.find()) {
            String when = matcher.group(2).toLowerCase(Locale.ROOT).strip();
            if (when.chars().filter(Character::isDigit).count() < 7) {
                value = matcher.group(1) == null ? when : "not " + when.replaceFirst("^not ", "");
            }
        }
        return value;
    }
}
