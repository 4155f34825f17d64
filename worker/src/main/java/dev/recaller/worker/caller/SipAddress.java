package dev.recaller.worker.caller;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An address of a From or P-Asserted-Identity header (RFC 3261, 25.1; RFC 3325, 9.1).
 *
 * @param displayName absent when there is none; strangers write it
 * @param uri with its parameters
 */
record SipAddress(@Nullable String displayName, String uri) {

    /** The addresses of a header, which commas separate. What is broken is an address that names nobody. */
    static List<SipAddress> of(String header) {
        List<SipAddress> addresses = new ArrayList<>();
        var name = new StringBuilder();
        var uri = new StringBuilder();
        boolean quoted = false;
        boolean inside = false;
        boolean closed = false;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (quoted) {
                if (c == '\\' && i + 1 < header.length()) {
                    name.append(header.charAt(++i));
                } else if (c == '"') {
                    quoted = false;
                } else {
                    name.append(c);
                }
            } else if (inside) {
                inside = c != '>';
                closed = !inside;
                if (inside) {
                    uri.append(c);
                }
            } else if (c == ',') {
                addresses.add(address(name, uri));
                closed = false;
            } else if (!closed && c == '"') {
                quoted = true;
            } else if (!closed && c == '<') {
                inside = true;
            } else if (!closed) {
                name.append(c);
            }
        }
        addresses.add(address(name, uri));
        return addresses;
    }

    /** What is to be dialled, with its parameters; absent when the URI is of another kind or has no user. */
    @Nullable
    String telephone() {
        int scheme = uri.indexOf(':');
        String rest = uri.substring(scheme + 1);
        return switch (scheme < 0 ? "" : uri.substring(0, scheme).toLowerCase(Locale.ROOT)) {
            case "tel" -> rest;
            case "sip", "sips" -> {
                int host = rest.indexOf('@');
                yield host > 0 ? rest.substring(0, host) : null;
            }
            default -> null;
        };
    }

    /** A URI without brackets was taken for a name. */
    private static SipAddress address(StringBuilder name, StringBuilder uri) {
        String before = name.toString().strip();
        String inBrackets = uri.toString().strip();
        name.setLength(0);
        uri.setLength(0);
        return inBrackets.isEmpty()
                ? new SipAddress(null, before)
                : new SipAddress(before.isEmpty() ? null : before, inBrackets);
    }
}
