package dev.recaller.flow.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What outbound requests may reach.
 *
 * @param hosts {@code api.example.com}, or {@code *.example.com} for every host below it; empty: every host
 * @param privateAddresses whether addresses may be connected to that are not on the public internet
 * @param maxBytes the largest answer that is read, unpacked
 */
public record HttpPolicy(List<String> hosts, boolean privateAddresses, int maxBytes) {

    /** Every public host, answers to a quarter of a megabyte. */
    public static final HttpPolicy PUBLIC = new HttpPolicy(List.of(), false, 256 * 1024);

    private static final Pattern HOST =
            Pattern.compile("(\\*\\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]*:[0-9a-f:.]*");

    /** Throws {@link IllegalArgumentException} for a host that is none: no scheme, port or path belongs to it. */
    public HttpPolicy {
        hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
        hosts.stream().filter(host -> !HOST.matcher(host).matches()).findFirst().ifPresent(host -> {
            throw new IllegalArgumentException(
                    "'" + host + "' is no host: write api.example.com, or *.example.com for all below it");
        });
        if (maxBytes < 1 || maxBytes > 64 * 1024 * 1024) {
            throw new IllegalArgumentException("maxBytes must be from 1 to 67108864, is " + maxBytes);
        }
    }

    /** Whether requests may go to a host of this name, in small letters. */
    boolean allows(String host) {
        return hosts.isEmpty()
                || hosts.stream()
                        .anyMatch(allowed -> allowed.startsWith("*.")
                                ? host.endsWith(allowed.substring(1)) && host.length() > allowed.length() - 1
                                : host.equals(allowed));
    }

    /** Whether a connection to this address may be made. */
    boolean allows(InetAddress address) {
        return privateAddresses || PublicAddress.is(address);
    }
}
