package dev.recaller.worker.telephony;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import com.google.i18n.phonenumbers.ShortNumberInfo;
import com.google.i18n.phonenumbers.ShortNumberInfo.ShortNumberCost;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where may be telephoned and transferred to, so that neither a flow's mistake, nor a caller's words in a flow's template, nor
 * a stolen key makes a telephone bill.
 *
 * @param allowed what numbers may begin with: {@code +} and digits; {@link #HOME}, the countries our own numbers are in;
 *     {@link #EVERYWHERE}. A prefix that names no more than a country, and {@link #HOME}, leave out what costs extra there
 */
public record Destinations(List<String> allowed) {

    /** The countries that our own numbers are in. */
    public static final String HOME = "home";

    public static final String EVERYWHERE = "*";

    public static final Destinations STANDARD = new Destinations(List.of(HOME));

    private static final Pattern PREFIX = Pattern.compile("\\+[1-9][0-9]{0,14}");
    private static final Pattern SIP = Pattern.compile("sips?:(?:([^@;?]*)@)?.+");
    private static final Pattern DIALLED = Pattern.compile("\\+?[0-9*#]+");
    private static final Pattern NOT_DIALLED = Pattern.compile("[\\s().-]");
    /** Numbers inside a telephone system, and services of the network; what is longer is a national number. */
    private static final int SHORT = 6;

    private static final Set<PhoneNumberType> EXTRA =
            Set.of(PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN);
    /** What libphonenumber calls numbers of no country: satellites and international services. */
    private static final String NO_COUNTRY = "001";

    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();
    private static final ShortNumberInfo SHORT_NUMBERS = ShortNumberInfo.getInstance();

    public Destinations {
        allowed = List.copyOf(allowed);
        if (allowed.isEmpty()
                || !allowed.stream()
                        .allMatch(it -> it.equals(HOME)
                                || it.equals(EVERYWHERE)
                                || PREFIX.matcher(it).matches())) {
            throw new IllegalArgumentException("not prefixes of numbers");
        }
    }

    /**
     * Why not, without the number; empty when it may be.
     *
     * @param to a number, {@code tel:} before it or not, or a SIP URI: then what stands for a number in it is asked for, and
     *     one without may be, as it is no telephone
     * @param own numbers of ours, in E.164 or not
     */
    public Optional<String> refused(String to, Collection<String> own) {
        if (allowed.contains(EVERYWHERE)) {
            return Optional.empty();
        }
        Matcher uri = SIP.matcher(to);
        String dialled = NOT_DIALLED
                .matcher(
                        uri.matches()
                                ? String.valueOf(uri.group(1))
                                : to.replaceFirst("^tel:", "").replaceFirst(";.*", ""))
                .replaceAll("");
        if (!DIALLED.matcher(dialled).matches()) {
            return uri.matches() ? Optional.empty() : Optional.of("it is no telephone number");
        }
        Set<String> home = own.stream()
                .map(Destinations::country)
                .filter(it -> !it.isEmpty())
                .collect(Collectors.toSet());
        if (!dialled.startsWith("+") && dialled.length() <= SHORT) {
            return extension(dialled, home);
        }
        return number(dialled, home)
                .map(number -> refused(number, home))
                .orElseGet(() -> Optional.of("it is no number of a country we know"));
    }

    private static Optional<String> extension(String dialled, Set<String> home) {
        return home.stream().anyMatch(country -> costsExtra(dialled, country))
                ? Optional.of("it is a service that costs extra")
                : Optional.empty();
    }

    private static boolean costsExtra(String dialled, String country) {
        try {
            ShortNumberCost cost = SHORT_NUMBERS.getExpectedCostForRegion(NUMBERS.parse(dialled, country), country);
            return cost == ShortNumberCost.PREMIUM_RATE;
        } catch (NumberParseException e) {
            return false;
        }
    }

    private Optional<String> refused(PhoneNumber number, Set<String> home) {
        String international = NUMBERS.format(number, PhoneNumberUtil.PhoneNumberFormat.E164);
        String country = "+" + number.getCountryCode();
        if (allowed.stream().anyMatch(it -> it.length() > country.length() && international.startsWith(it))) {
            return Optional.empty();
        }
        if (EXTRA.contains(NUMBERS.getNumberType(number))) {
            return Optional.of("it costs extra");
        }
        boolean listed = allowed.stream().anyMatch(it -> !it.equals(HOME) && international.startsWith(it));
        boolean near = allowed.contains(HOME) && home.contains(country(number));
        return listed || near ? Optional.empty() : Optional.of("it is in none of the countries that may be called");
    }

    /** Of a number dialled at home, too. */
    private static Optional<PhoneNumber> number(String dialled, Set<String> home) {
        if (dialled.startsWith("+")) {
            return Optional.ofNullable(parsed(dialled, null));
        }
        return home.size() == 1
                ? Optional.ofNullable(parsed(dialled, home.iterator().next()))
                : Optional.empty();
    }

    private static @Nullable PhoneNumber parsed(String dialled, @Nullable String country) {
        try {
            return NUMBERS.parse(dialled, country);
        } catch (NumberParseException e) {
            return null;
        }
    }

    private static String country(String number) {
        PhoneNumber parsed = parsed(number, null);
        return parsed == null ? "" : country(parsed);
    }

    /** Two letters; of a number that is not in use yet those of its country code. The islands of +1 are not the mainland. */
    private static String country(PhoneNumber number) {
        String region = NUMBERS.getRegionCodeForNumber(number);
        String country = region == null ? NUMBERS.getRegionCodeForCountryCode(number.getCountryCode()) : region;
        return country.equals(NO_COUNTRY) ? "" : country.equals("CA") ? "US" : country;
    }
}
