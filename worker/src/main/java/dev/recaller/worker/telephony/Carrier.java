package dev.recaller.worker.telephony;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carriers whose own words we know, by their documentation and LiveKit's guides of August 2026, and any other. Their
 * signalling addresses change, and are theirs to say.
 */
public enum Carrier {
    TELNYX("Telnyx", "sip.telnyx.com", "https://sip.telnyx.com"),
    TWILIO("Twilio", null, "https://www.twilio.com/docs/sip-trunking/ip-addresses"),
    GENERIC("your carrier", null, null);

    private final String title;
    private final @Nullable String address;
    private final @Nullable String addressList;

    Carrier(String title, @Nullable String address, @Nullable String addressList) {
        this.title = title;
        this.address = address;
        this.addressList = addressList;
    }

    /** As names of trunks have it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where calls out are sent, if that is the same for all customers. */
    public @Nullable String address() {
        return address;
    }

    /** Headers that a call out must have. */
    public Map<String, String> headers(String username) {
        return this == TELNYX && !username.isEmpty() ? Map.of("X-Telnyx-Username", username) : Map.of();
    }

    /**
     * What to enter at the carrier, a line each.
     *
     * @param sipHost of livekit-sip, without {@code sip:}
     * @param authUser the carrier must log in with; empty: it need not
     */
    public List<String> instructions(String sipHost, List<String> numbers, String authUser, boolean outbound) {
        String all = String.join(", ", numbers);
        String login = authUser.isEmpty()
                ? ""
                : " with user " + authUser + " and the password that is in RECALLER_SIP_PASSWORD here";
        var lines = new ArrayList<String>();
        lines.add("Enter at " + title + ":");
        switch (this) {
            case TELNYX -> {
                lines.add("  SIP Trunking, Create SIP Connection, type FQDN: FQDN " + sipHost
                        + ", DNS record A, port 5060" + login);
                lines.add("  Inbound: number format of caller and destination +E.164; codecs G711U, G711A (G722 if you"
                        + " like); transport TCP, or UDP");
                lines.add("  Numbers: give " + all + " to this connection");
                if (outbound) {
                    lines.add("  Outbound: credentials with the user and password you gave here, and an Outbound Voice"
                            + " Profile that allows the countries you call");
                }
            }
            case TWILIO -> {
                lines.add("  Elastic SIP Trunking, Trunks, Origination: add the URI sip:" + sipHost + ";transport=tcp"
                        + login);
                lines.add("  Numbers: give " + all + " to this trunk");
                lines.add("  General: enable Call Transfer (SIP REFER) and PSTN Transfer if flows transfer callers");
                if (outbound) {
                    lines.add(
                            "  Termination: the URI you gave here with --outbound, and a credential list with the user"
                                    + " and password you gave here");
                }
            }
            case GENERIC -> {
                lines.add("  Send calls to " + all + " to sip:NUMBER@" + sipHost + ":5060, UDP or TCP" + login);
                lines.add("  Numbers of callers and called as +E.164; codecs PCMU or PCMA (G.711), or G722; keys as"
                        + " telephone-event (RFC 4733)");
                lines.add("  Allow REFER if flows transfer callers");
            }
        }
        lines.add("  TLS: port 5061 and transport TLS, if livekit-sip has a certificate (LiveKit Cloud has); encrypted"
                + " media is 'media_encryption' of the LiveKit trunk, which set-up leaves as you set it");
        if (addressList != null) {
            lines.add("  Its addresses for --allow: " + addressList);
        }
        return List.copyOf(lines);
    }
}
