package dev.recaller.worker.phone;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a session description that one G.711 stream needs.
 *
 * @param events payload type of RFC 4733 keys
 */
record Sdp(InetSocketAddress media, int events) {
    static final int PCMU = 0;
    static final int EVENTS = 101;

    private static final Pattern CONNECTION = Pattern.compile("(?m)^c=IN IP4 (\\S+?)(?:/\\d+)?\\s*$");
    private static final Pattern AUDIO = Pattern.compile("(?m)^m=audio (\\d+) \\S+ (.*?)\\s*$");
    private static final Pattern KEYS = Pattern.compile("(?m)^a=rtpmap:(\\d+) telephone-event/8000");

    /** Reads one; IllegalArgumentException if it has no mu-law audio. */
    static Sdp parse(String text) {
        Matcher connection = CONNECTION.matcher(text);
        Matcher audio = AUDIO.matcher(text);
        if (!connection.find() || !audio.find() || !(" " + audio.group(2) + " ").contains(" " + PCMU + " ")) {
            throw new IllegalArgumentException("no mu-law audio in this session description:\n" + text);
        }
        Matcher keys = KEYS.matcher(text);
        return new Sdp(
                new InetSocketAddress(InetAddress.ofLiteral(connection.group(1)), Integer.parseInt(audio.group(1))),
                keys.find() ? Integer.parseInt(keys.group(1)) : EVENTS);
    }

    static String offer(String host, int port) {
        return """
                v=0
                o=phone 1 1 IN IP4 %s
                s=-
                c=IN IP4 %s
                t=0 0
                m=audio %d RTP/AVP %d %d
                a=rtpmap:0 PCMU/8000
                a=rtpmap:101 telephone-event/8000
                a=fmtp:101 0-16
                a=ptime:20
                a=sendrecv
                """.formatted(host, host, port, PCMU, EVENTS).replace("\n", "\r\n");
    }
}
