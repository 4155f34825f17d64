package dev.recaller.worker.phone;

import static java.util.Objects.requireNonNull;

import dev.recaller.worker.phone.SipMessage.Header;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The other end of one call, which does only what a test tells it, in the form livekit-sip has been seen to do it. */
final class ScriptedBridge implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String TAG = "bridge";

    private final SipSocket socket = new SipSocket();
    private final DatagramSocket media;
    private final BlockingQueue<SipMessage> received = new LinkedBlockingQueue<>();
    private @Nullable InetSocketAddress phone;

    ScriptedBridge() {
        try {
            media = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        socket.listen(this::came, () -> {});
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), socket.port());
    }

    /** The next request or answer of this method; others before it are passed over. */
    SipMessage next(String method) throws InterruptedException {
        SipMessage message = poll();
        while (!message.method().equals(method)) {
            message = poll();
        }
        return message;
    }

    /** Whether nothing but what was asked for has come. */
    boolean idle() {
        return received.isEmpty();
    }

    void answer(SipMessage request, int status, String reason) {
        send(request.tagged(TAG).answer(status, reason, List.of(), ""));
    }

    /** 200 to an INVITE, with where we hear. */
    void accept(SipMessage invite) {
        var headers = List.of(contact(), new Header("Content-Type", "application/sdp"));
        send(invite.tagged(TAG).answer(200, "OK", headers, Sdp.offer("127.0.0.1", media.getLocalPort())));
    }

    RtpStream talk(SipMessage invite, Hearing hearing, List<Character> keys) {
        return new RtpStream(media, Sdp.parse(invite.body()), hearing, keys::add);
    }

    void request(String method, SipMessage invite, Header... more) {
        var headers = new ArrayList<>(List.of(
                new Header("v", "SIP/2.0/UDP " + socket.address() + ";branch=z9hG4bKbridge" + method),
                new Header("f", invite.header("To") + ";tag=" + TAG),
                new Header("t", invite.header("From")),
                new Header("i", invite.header("Call-ID")),
                new Header("CSeq", "1 " + method)));
        headers.addAll(List.of(more));
        send(new SipMessage(method + " " + SipMessage.uri(invite.header("Contact")) + " SIP/2.0", headers, ""));
    }

    Header contact() {
        return new Header("Contact", "<sip:bridge@" + socket.address() + ";transport=udp>");
    }

    @Override
    public void close() {
        socket.close();
        media.close();
    }

    private SipMessage poll() throws InterruptedException {
        return Optional.ofNullable(received.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                .orElseThrow(() -> new AssertionError("the phone sent nothing for " + LIMIT));
    }

    private void came(SipMessage message, InetSocketAddress from) {
        phone = from;
        received.add(message);
    }

    private void send(SipMessage message) {
        socket.send(message, requireNonNull(phone, "nobody has called"));
    }
}
