package dev.recaller.worker.caller;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import dev.recaller.memory.Assurance;
import dev.recaller.worker.caller.Caller.Kind;
import dev.recaller.worker.caller.Caller.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads who is calling from what livekit-sip tells about a SIP participant. It passes the user part of the From header
 * on as it came, so all normalising happens here. The participant's identity and name are made from the same text, or
 * hashed where the trunk hides numbers: they say nothing more and are not read.
 *
 * <p>What an operator knows of a trunk are attributes of its dispatch rule, which no caller can write. Headers are a caller's
 * words unless the trunk is trusted, which is right only where nobody but the carrier can send to it.
 */
public final class CallerId {

    /** {@code true}: the carrier of this trunk is believed what it asserts. */
    static final String TRUSTED = TrunkAttributes.TRUSTED;
    /** Two letters: the country this trunk's national numbers are read in. */
    static final String REGION = TrunkAttributes.REGION;

    static final String USER_ID = TrunkAttributes.USER_ID;
    private static final List<String> ASSERTED = List.of(TrunkAttributes.ASSERTED, "sip.h.p-asserted-identity");
    private static final List<String> FROM = List.of(TrunkAttributes.FROM, "sip.h.from");
    /** Twilio has a header for it. */
    private static final List<String> VERSTAT = List.of(TrunkAttributes.VERSTAT, "sip.h.x-twilio-verstat");

    private static final Pattern TELEPHONE_URI = Pattern.compile("\\+?[0-9(). -]{5,}(;.*)?");
    private static final Pattern INTERNET_ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    /** A word of an organization's own, not a sentence. */
    private static final Pattern USER = Pattern.compile("[^\\p{Cntrl}\\s]{1,200}");

    private CallerId() {}

    /**
     * The caller behind a SIP participant.
     *
     * @param attributes the participant's, with {@code sip.phoneNumber} and, where the trunk maps them, SIP headers
     * @param defaultRegion two letters, the country national numbers are read in where the trunk has none
     */
    public static Caller of(Map<String, String> attributes, String defaultRegion) {
        return new Reading(attributes, defaultRegion).caller();
    }

    /**
     * The number that is called by a SIP participant, E.164 or plausible; empty when it is none. Trunks that send national
     * numbers need a region; digits that are no national number have lost their plus.
     */
    public static Optional<String> called(Map<String, String> attributes) {
        String number = attributes.get("sip.trunkPhoneNumber");
        String region = attributes.getOrDefault(REGION, "").toUpperCase(Locale.ROOT);
        return Optional.ofNullable(PresentedNumber.read(number, region).phoneNumber())
                .or(() -> Optional.ofNullable(
                        PresentedNumber.read("+" + number, region).phoneNumber()));
    }

    /** The caller who presents this text as a number, for sessions without a telephone. */
    public static Caller of(@Nullable String raw, String defaultRegion) {
        return of(raw == null ? Map.of() : Map.of("sip.phoneNumber", raw), defaultRegion);
    }

    /** One participant's attributes, read once. */
    private static final class Reading {
        private final Map<String, String> attributes;
        private final boolean trusted;
        private final String region;
        private final @Nullable String from;
        private final List<Reason> reasons = new ArrayList<>();

        Reading(Map<String, String> attributes, String defaultRegion) {
            this.attributes = attributes;
            trusted = "true".equalsIgnoreCase(attributes.get(TRUSTED));
            String given = attributes.getOrDefault(REGION, "").toUpperCase(Locale.ROOT);
            region = PhoneNumberUtil.getInstance().getSupportedRegions().contains(given) ? given : defaultRegion;
            from = from();
        }

        Caller caller() {
            PresentedNumber presented = PresentedNumber.read(from, region);
            SipAddress asserted = null;
            if (asksForPrivacy()) {
                presented = PresentedNumber.read(null, region);
                reasons.add(Reason.PRIVACY);
            } else if (presented.kind() == Kind.ANONYMOUS) {
                reasons.add(PresentedNumber.isEmpty(from) ? Reason.EMPTY : Reason.WITHHELD);
            } else {
                asserted = asserted();
                if (asserted != null) {
                    presented = number(asserted);
                } else {
                    reasons.addFirst(source(presented));
                }
            }
            boolean attested = presented.phoneNumber() != null && attested(asserted, presented.phoneNumber());
            String userId = userId();
            return new Caller(
                    presented.kind(),
                    presented.phoneNumber(),
                    userId,
                    assurance(presented.phoneNumber(), attested, userId),
                    reasons,
                    presented.kind() == Kind.ANONYMOUS ? null : displayName(),
                    from);
        }

        /** Of a tel: URI livekit-sip leaves the number out and has it as the host. */
        private @Nullable String from() {
            String number = attributes.get("sip.phoneNumber");
            if (number != null && !number.isBlank()) {
                return number;
            }
            String host = attributes.getOrDefault("sip.hostname", "");
            boolean telephone = TELEPHONE_URI.matcher(host).matches()
                    && !INTERNET_ADDRESS.matcher(host).matches();
            return telephone ? host : number;
        }

        private Reason source(PresentedNumber presented) {
            if (presented.phoneNumber() == null) {
                return Reason.LOCAL;
            }
            return Objects.equals(from, attributes.get("sip.phoneNumber")) ? Reason.FROM : Reason.TEL_URI;
        }

        /**
         * A caller who asked for privacy stays unknown even where a trusted header still shows the number (RFC 3325).
         * {@code sip.h.privacy} is there with all headers included; a trunk may map the header to a name of its own.
         */
        private boolean asksForPrivacy() {
            return attributes.entrySet().stream()
                    .filter(attribute -> {
                        String name = attribute.getKey().toLowerCase(Locale.ROOT);
                        return name.substring(name.lastIndexOf('.') + 1).equals("privacy");
                    })
                    .flatMap(attribute -> Arrays.stream(attribute.getValue().split("[;,\\s]+", -1)))
                    .anyMatch(value -> value.equalsIgnoreCase("id") || value.equalsIgnoreCase("user"));
        }

        /** The address a trusted carrier vouches for; of several (RFC 3325 allows a sip: and a tel: one) all must agree. */
        private @Nullable SipAddress asserted() {
            List<SipAddress> addresses = values(ASSERTED)
                    .flatMap(header -> SipAddress.of(header).stream())
                    .filter(address -> number(address).phoneNumber() != null)
                    .toList();
            if (addresses.isEmpty()) {
                return null;
            }
            if (!trusted) {
                reasons.add(Reason.ASSERTED_IGNORED);
                return null;
            }
            if (addresses.stream().map(this::number).distinct().count() > 1) {
                reasons.add(Reason.ASSERTED_AMBIGUOUS);
                return null;
            }
            reasons.add(Reason.ASSERTED);
            return addresses.stream()
                    .filter(address -> Verstat.in(address.uri()) != null)
                    .findFirst()
                    .orElse(addresses.getFirst());
        }

        private PresentedNumber number(SipAddress address) {
            return PresentedNumber.read(address.telephone(), region);
        }

        /** Whether the carrier vouches for this very number. */
        private boolean attested(@Nullable SipAddress asserted, String phoneNumber) {
            boolean presentedIt =
                    phoneNumber.equals(PresentedNumber.read(from, region).phoneNumber());
            Verstat verstat = Stream.of(
                            asserted == null ? null : Verstat.in(asserted.uri()),
                            presentedIt ? Verstat.in(from) : null,
                            presentedIt ? Verstat.in(fromUri()) : null,
                            values(VERSTAT).findFirst().map(Verstat::of).orElse(null))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
            if (verstat == null) {
                return false;
            }
            reasons.add(
                    !trusted
                            ? Reason.VERSTAT_IGNORED
                            : verstat == Verstat.FULL ? Reason.ATTESTED : Reason.NOT_ATTESTED);
            return trusted && verstat == Verstat.FULL;
        }

        private @Nullable String userId() {
            String given = attributes.getOrDefault(USER_ID, "").strip();
            if (given.isEmpty()) {
                return null;
            }
            boolean usable = trusted && USER.matcher(given).matches();
            reasons.add(usable ? Reason.USER_ID : Reason.USER_ID_IGNORED);
            return usable ? given : null;
        }

        private static Assurance assurance(@Nullable String phoneNumber, boolean attested, @Nullable String userId) {
            if (userId != null) {
                return Assurance.VERIFIED;
            }
            if (phoneNumber == null) {
                return Assurance.ANONYMOUS;
            }
            return attested ? Assurance.ATTESTED : Assurance.PRESENTED;
        }

        /** Where it is mapped: livekit-sip leaves out a URI's parameters, of a tel: URI all. */
        private @Nullable String fromUri() {
            return fromHeader().map(SipAddress::uri).orElse(null);
        }

        private @Nullable String displayName() {
            return fromHeader().map(SipAddress::displayName).orElse(null);
        }

        private Optional<SipAddress> fromHeader() {
            return values(FROM).findFirst().map(header -> SipAddress.of(header).getFirst());
        }

        private Stream<String> values(List<String> names) {
            return names.stream().map(attributes::get).filter(Objects::nonNull);
        }
    }
}
