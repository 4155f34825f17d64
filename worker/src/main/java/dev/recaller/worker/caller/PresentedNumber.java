package dev.recaller.worker.caller;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import dev.recaller.worker.caller.Caller.Kind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A number as somebody presents it: with parameters, escapes and separators, in the writing of some country, or none at all.
 *
 * @param phoneNumber present exactly for {@code VALID} and {@code PLAUSIBLE}
 */
record PresentedNumber(Kind kind, @Nullable String phoneNumber) {

    private static final PresentedNumber ANONYMOUS = new PresentedNumber(Kind.ANONYMOUS, null);
    private static final PresentedNumber INVALID = new PresentedNumber(Kind.INVALID, null);

    private static final Pattern VISUAL_SEPARATORS = Pattern.compile("[-().\\s\\u00a0]");
    private static final Pattern DIGITS = Pattern.compile("\\+?[0-9]+");
    /** Whoever dials it is connected inside the house: the number is the house's. */
    private static final Pattern WITH_EXTENSION =
            Pattern.compile("(\\+?[0-9]{7,})(?:x|ext|#)[0-9]{1,8}", Pattern.CASE_INSENSITIVE);

    private static final Pattern ONE_DIGIT_REPEATED = Pattern.compile("\\+?([0-9])\\1*");
    private static final Pattern PLAUSIBLE = Pattern.compile("\\+[1-9][0-9]{6,14}");

    /** ANONYMOUS, BLOCKED, RESTRICTED and UNAVAILABLE on a keypad: gateways put them where a number must be. */
    private static final Set<String> DUMMIES = Set.of("266696687", "2562533", "7378742833", "86282452253");

    private static final Set<String> WITHHELD_WORDS =
            Set.of("anonymous", "asserted", "blocked", "private", "restricted", "unavailable", "unknown", "withheld");

    /** @param region two letters, the country national numbers are read in */
    static PresentedNumber read(@Nullable String raw, String region) {
        String text = raw == null ? "" : plain(raw);
        if (text.isEmpty() || WITHHELD_WORDS.contains(text.toLowerCase(Locale.ROOT)) || dummy(text)) {
            return ANONYMOUS;
        }
        Matcher extended = WITH_EXTENSION.matcher(text);
        String number = extended.matches() ? extended.group(1) : text;
        if (!DIGITS.matcher(number).matches()) {
            return INVALID;
        }
        String valid = valid(number, region);
        if (valid != null) {
            return new PresentedNumber(Kind.VALID, valid);
        }
        if (PLAUSIBLE.matcher(number).matches()) {
            return new PresentedNumber(Kind.PLAUSIBLE, number);
        }
        return DUMMIES.contains(number) ? ANONYMOUS : INVALID;
    }

    /** Whether nothing stands where a number should. */
    static boolean isEmpty(@Nullable String raw) {
        return raw == null || plain(raw).isEmpty();
    }

    private static String plain(String raw) {
        int parameters = raw.indexOf(';');
        String text = parameters < 0 ? raw : raw.substring(0, parameters);
        try {
            text = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // a lone percent sign: not a number, whatever it is
        }
        return VISUAL_SEPARATORS.matcher(text).replaceAll("");
    }

    /** Without its plus a dummy may be somebody's national number: 737 874 2833 is one of Austin, Texas. */
    private static boolean dummy(String text) {
        return ONE_DIGIT_REPEATED.matcher(text).matches()
                || (text.startsWith("+") && DUMMIES.contains(text.substring(1)));
    }

    private static @Nullable String valid(String text, String region) {
        String national = e164(text, region);
        // 00 dials abroad from most countries and begins no number anywhere, so it means a plus in the others as well.
        return national == null && text.startsWith("00") ? e164("+" + text.substring(2), region) : national;
    }

    private static @Nullable String e164(String text, String region) {
        PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
        try {
            var number = numbers.parse(text, region);
            String formatted = numbers.format(number, PhoneNumberFormat.E164);
            return numbers.isValidNumber(number) && PLAUSIBLE.matcher(formatted).matches() ? formatted : null;
        } catch (NumberParseException e) {
            return null;
        }
    }
}
