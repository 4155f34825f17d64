package dev.recaller.worker.phone;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A SIP request or response (RFC 3261) in one datagram.
 *
 * @param start its first line
 * @param headers in order; names as they came
 */
record SipMessage(String start, List<Header> headers, String body) {
    private static final String VERSION = "SIP/2.0";
    private static final Map<String, String> SHORT =
            Map.of("v", "via", "f", "from", "t", "to", "i", "call-id", "m", "contact", "l", "content-length");

    record Header(String name, String value) {
        boolean is(String wanted) {
            String lower = name.toLowerCase(Locale.ROOT);
            return SHORT.getOrDefault(lower, lower).equals(wanted.toLowerCase(Locale.ROOT));
        }
    }

    SipMessage {
        headers = List.copyOf(headers);
    }

    static SipMessage parse(byte[] datagram, int length) {
        String text = new String(datagram, 0, length, StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        String head = end < 0 ? text : text.substring(0, end);
        List<String> lines = head.replaceAll("\r\n[ \t]+", " ")
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        var headers = new ArrayList<Header>();
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.add(new Header(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip()));
            }
        }
        return new SipMessage(lines.isEmpty() ? "" : lines.getFirst(), headers, end < 0 ? "" : text.substring(end + 4));
    }

    /** Of a request: what it is answered with. The headers that make it an answer are the request's. */
    SipMessage answer(int status, String reason, List<Header> more, String body) {
        var all = new ArrayList<Header>();
        for (String name : List.of("Via", "From", "To", "Call-ID", "CSeq")) {
            headers.stream().filter(header -> header.is(name)).forEach(all::add);
        }
        all.addAll(more);
        return new SipMessage(VERSION + " " + status + " " + reason, all, body);
    }

    /** Of a request that begins something: with a tag of ours in what will be its answers. */
    SipMessage tagged(String tag) {
        List<Header> tagged = headers.stream()
                .map(header -> header.is("To") && !header.value().contains(";tag=")
                        ? new Header("To", header.value() + ";tag=" + tag)
                        : header)
                .toList();
        return new SipMessage(start, tagged, body);
    }

    byte[] bytes() {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        var text = new StringBuilder(start).append("\r\n");
        headers.forEach(header ->
                text.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        text.append("Content-Length: ")
                .append(content.length)
                .append("\r\n\r\n")
                .append(body);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    boolean isResponse() {
        return start.startsWith(VERSION + " ");
    }

    /** Of a response. */
    int status() {
        return Integer.parseInt(start.split(" ", 3)[1]);
    }

    /** Of a request, or of the request that a response answers. */
    String method() {
        return isResponse() ? header("CSeq").replaceFirst(".* ", "") : start.split(" ", 2)[0];
    }

    /** The first of this name; empty if there is none. */
    String header(String name) {
        return find(name).orElse("");
    }

    Optional<String> find(String name) {
        return headers.stream()
                .filter(header -> header.is(name))
                .map(Header::value)
                .findFirst();
    }

    /** The address within angle brackets, or without parameters. */
    static String uri(String address) {
        int open = address.indexOf('<');
        return open < 0
                ? address.replaceFirst(";.*", "").strip()
                : address.substring(open + 1, address.indexOf('>', open));
    }
}
