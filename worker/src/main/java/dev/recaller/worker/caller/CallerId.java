package dev.recaller.worker.caller;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import dev.recaller.memory.Assurance;
import dev.recaller.worker.caller.Caller.Kind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads who is calling from what livekit-sip tells about a SIP participant. It passes the user part of the From header
 * on as it came, so all normalising happens here. The participant's identity and name are made from the same text, or
 * hashed where the trunk hides numbers: they say nothing more and are not read.
 */
public final class CallerId {

    private static final Pattern TELEPHONE_URI = Pattern.compile("\\+?[0-9(). -]{5,}");
    private static final Pattern INTERNET_ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern VISUAL_SEPARATORS = Pattern.compile("[-().\\s\\u00a0]");
    private static final Pattern DIGITS = Pattern.compile("\\+?[0-9]+");
    private static final Pattern ONE_DIGIT_REPEATED = Pattern.compile("\\+?([0-9])\\1*");
    private static final Pattern PLAUSIBLE = Pattern.compile("\\+[1-9][0-9]{6,14}");
    private static final Pattern DISPLAY_NAME =
            Pattern.compile("\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\"<]+?))\\s*<.*", Pattern.DOTALL);

    /** ANONYMOUS, BLOCKED, RESTRICTED and UNAVAILABLE on a keypad: gateways put them where a number must be. */
    private static final Set<String> DUMMIES = Set.of("266696687", "2562533", "7378742833", "86282452253");

    private static final Set<String> WITHHELD_WORDS =
            Set.of("anonymous", "asserted", "blocked", "private", "restricted", "unavailable", "unknown", "withheld");

    private CallerId() {}

    /**
     * The caller behind a SIP participant.
     *
     * @param attributes the participant's, with {@code sip.phoneNumber} and, where the trunk maps them, SIP headers
     * @param defaultRegion two letters, the country national numbers are read in
     */
    public static Caller of(Map<String, String> attributes, String defaultRegion) {
        String raw = number(attributes);
        if (withheld(attributes)) {
            return new Caller(Kind.ANONYMOUS, null, Assurance.ANONYMOUS, null, raw);
        }
        return of(raw, displayName(attributes.get("sip.h.from")), defaultRegion);
    }

    /** The caller who presents this text as a number, for sessions without a telephone. */
    public static Caller of(@Nullable String raw, String defaultRegion) {
        return of(raw, null, defaultRegion);
    }

    private static Caller of(@Nullable String raw, @Nullable String displayName, String defaultRegion) {
        String text = raw == null ? "" : plain(raw);
        Kind kind = Kind.INVALID;
        String phoneNumber = null;
        if (text.isEmpty() || WITHHELD_WORDS.contains(text.toLowerCase(Locale.ROOT)) || dummy(text)) {
            kind = Kind.ANONYMOUS;
        } else if (DIGITS.matcher(text).matches()) {
            phoneNumber = valid(text, defaultRegion);
            kind = phoneNumber != null ? Kind.VALID : Kind.INVALID;
            if (phoneNumber == null && PLAUSIBLE.matcher(text).matches()) {
                kind = Kind.PLAUSIBLE;
                phoneNumber = text;
            } else if (phoneNumber == null && DUMMIES.contains(text)) {
                kind = Kind.ANONYMOUS;
            }
        }
        return new Caller(
                kind,
                phoneNumber,
                phoneNumber == null ? Assurance.ANONYMOUS : Assurance.PRESENTED,
                kind == Kind.ANONYMOUS ? null : displayName,
                raw);
    }

    /** Of a tel: URI livekit-sip leaves the number out and has it as the host. */
    private static @Nullable String number(Map<String, String> attributes) {
        String number = attributes.get("sip.phoneNumber");
        if (number != null && !number.isBlank()) {
            return number;
        }
        String host = attributes.getOrDefault("sip.hostname", "");
        String candidate = beforeParameters(host);
        boolean telephone = TELEPHONE_URI.matcher(candidate).matches()
                && !INTERNET_ADDRESS.matcher(candidate).matches();
        return telephone ? host : number;
    }

    /**
     * A caller who asked for privacy stays unknown even where a trusted header still shows the number (RFC 3325).
     * {@code sip.h.privacy} is there with all headers included; a trunk may map the header to a name of its own.
     */
    private static boolean withheld(Map<String, String> attributes) {
        return attributes.entrySet().stream()
                .filter(attribute -> {
                    String name = attribute.getKey().toLowerCase(Locale.ROOT);
                    return name.substring(name.lastIndexOf('.') + 1).equals("privacy");
                })
                .flatMap(attribute -> Arrays.stream(attribute.getValue().split("[;,\\s]+", -1)))
                .anyMatch(value -> value.equalsIgnoreCase("id") || value.equalsIgnoreCase("user"));
    }

    private static String plain(String raw) {
        String text = beforeParameters(raw);
        try {
            text = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // a lone percent sign: not a number, whatever it is
        }
        return VISUAL_SEPARATORS.matcher(text).replaceAll("");
    }

    private static String beforeParameters(String text) {
        int end = text.indexOf(';');
        return end < 0 ? text : text.substring(0, end);
    }

    /** Without its plus a dummy may be somebody's national number: 737 874 2833 is one of Austin, Texas. */
    private static boolean dummy(String text) {
        return ONE_DIGIT_REPEATED.matcher(text).matches()
                || (text.startsWith("+") && DUMMIES.contains(text.substring(1)));
    }

    private static @Nullable String valid(String text, String defaultRegion) {
        String national = e164(text, defaultRegion);
        // 00 dials abroad from most countries and begins no number anywhere, so it means a plus in the others as well.
        return national == null && text.startsWith("00") ? e164("+" + text.substring(2), defaultRegion) : national;
    }

    private static @Nullable String e164(String text, String defaultRegion) {
        PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
        try {
            var number = numbers.parse(text, defaultRegion);
            String formatted = numbers.format(number, PhoneNumberFormat.E164);
            return numbers.isValidNumber(number) && PLAUSIBLE.matcher(formatted).matches() ? formatted : null;
        } catch (NumberParseException e) {
            return null;
        }
    }

    private static @Nullable String displayName(@Nullable String from) {
        if (from == null) {
            return null;
        }
        Matcher name = DISPLAY_NAME.matcher(from);
        if (!name.matches()) {
            return null;
        }
        String text = name.group(1) != null ? name.group(1).replaceAll("\\\\(.)", "$1") : name.group(2);
        return text.isBlank() ? null : text.strip();
    }
}
