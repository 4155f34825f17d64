package dev.recaller.worker.phone;

import dev.recaller.worker.phone.SipMessage.Header;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The signalling of one call over UDP (RFC 3261), with a socket of its own: who both sides are, and what is sent again until it is heard of. */
final class SipDialog implements AutoCloseable {
    /** What comes of the call's other side. Calls come by one thread. */
    interface Listener {
        void request(SipMessage request);

        void response(SipMessage response);

        /** The socket is closed. */
        void closed();
    }

    /** Retransmissions: after 0.5 s, 1 s, 2 s and so on (timers A and G of RFC 3261). */
    private static final long FIRST_WAIT_MS = 500;

    private static final int TRIES = 5;
    private static final Pattern HOST = Pattern.compile("[@:]([0-9.]+):([0-9]+)");

    private final SipSocket socket = new SipSocket();
    private final InetSocketAddress peer;
    private final String callId;
    private final String local;
    private final String firstBranch = branch();
    private final AtomicInteger sequence = new AtomicInteger(1);
    private volatile String remote;
    private volatile String target;

    private SipDialog(InetSocketAddress peer, String callId, String local, String remote, String target) {
        this.peer = peer;
        this.callId = callId;
        this.local = local;
        this.remote = remote;
        this.target = target;
    }

    /**
     * Of a call that we make.
     *
     * @param from the whole From value without tag
     */
    static SipDialog calling(InetSocketAddress peer, String from, String called) {
        String target = "sip:" + called + "@" + peer.getHostString() + ":" + peer.getPort();
        return new SipDialog(peer, random() + "@127.0.0.1", from + ";tag=" + random(), "<" + target + ">", target);
    }

    /**
     * Of a call that comes to us.
     *
     * @param tagged its INVITE, with our tag
     */
    static SipDialog called(InetSocketAddress peer, SipMessage tagged) {
        String target = SipMessage.uri(tagged.header("Contact"));
        return new SipDialog(peer, tagged.header("Call-ID"), tagged.header("To"), tagged.header("From"), target);
    }

    void listen(Listener listener) {
        socket.listen((message, _) -> came(message, listener), listener::closed);
    }

    String callId() {
        return callId;
    }

    Header contact() {
        return new Header("Contact", "<sip:phone@" + socket.address() + ">");
    }

    /** What is said of the INVITE of ours: itself, CANCEL, and ACK of a refusal. */
    SipMessage ofInvite(String method, List<Header> more, String body) {
        return message(method, firstBranch, 1, more, body);
    }

    /** ACK to 200, which tells who answered. */
    SipMessage confirm(SipMessage answer) {
        remote = answer.header("To");
        target = answer.find("Contact").map(SipMessage::uri).orElse(target);
        return message("ACK", branch(), 1, List.of(), "");
    }

    /** ACK to what is no 200. */
    SipMessage accept(SipMessage refusal) {
        remote = refusal.header("To");
        return ofInvite("ACK", List.of(), "");
    }

    SipMessage request(String method, List<Header> more, String body) {
        return message(method, branch(), sequence.incrementAndGet(), more, body);
    }

    private SipMessage message(String method, String branch, int number, List<Header> more, String body) {
        var headers = new ArrayList<>(List.of(
                new Header("Via", "SIP/2.0/UDP " + socket.address() + ";branch=" + branch + ";rport"),
                new Header("From", local),
                new Header("To", remote),
                new Header("Call-ID", callId),
                new Header("CSeq", number + " " + method),
                new Header("Max-Forwards", "70")));
        headers.addAll(more);
        return new SipMessage(method + " " + target + " SIP/2.0", headers, body);
    }

    /** Sends it, and again until that is so or nobody listens. */
    void sendUntil(SipMessage message, CountDownLatch heard) throws InterruptedException {
        long wait = FIRST_WAIT_MS;
        for (int i = 0; i < TRIES && !socket.isClosed(); i++) {
            send(message);
            if (heard.await(wait, TimeUnit.MILLISECONDS)) {
                return;
            }
            wait *= 2;
        }
    }

    /** Requests go to where the other side wants them, answers to where it was asked from. */
    void send(SipMessage message) {
        socket.send(message, message.isResponse() ? peer : wanted());
    }

    private InetSocketAddress wanted() {
        Matcher host = HOST.matcher(target);
        return host.find()
                ? new InetSocketAddress(InetAddress.ofLiteral(host.group(1)), Integer.parseInt(host.group(2)))
                : peer;
    }

    @Override
    public void close() {
        socket.close();
    }

    private void came(SipMessage message, Listener listener) {
        if (!message.header("Call-ID").equals(callId)) {
            return;
        }
        if (message.isResponse()) {
            listener.response(message);
        } else {
            listener.request(message);
        }
    }

    private static String branch() {
        return "z9hG4bK" + random();
    }

    static String random() {
        var bytes = new byte[8];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
