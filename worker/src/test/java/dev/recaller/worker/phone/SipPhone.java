package dev.recaller.worker.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.worker.phone.SipMessage.Header;
import dev.recaller.worker.speech.TextToSpeech;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A telephone on loopback that speaks SIP over UDP (RFC 3261) and G.711: it calls, is called back with BYE, gives up with
 * CANCEL while it rings, and does what REFER asks (RFC 3515) by telling what became of it.
 */
public final class SipPhone implements Phone {
    static final String KEYS = "0123456789*#ABCD";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Retransmissions of a request: after 0.5 s, 1 s, 2 s and so on (timer A of RFC 3261). */
    private static final long FIRST_WAIT_MS = 500;

    private static final int TRIES = 5;
    private static final int HEARD_RATE = 16_000;

    private final InetSocketAddress exchange;
    private final DatagramSocket signalling;
    private final DatagramSocket media;
    private final String from;
    private final String target;
    private final String callId = random() + "@127.0.0.1";
    private final String inviteBranch = branch();
    private final Hearing hearing;
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final List<SipMessage> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch provisional = new CountDownLatch(1);
    private final CountDownLatch decided = new CountDownLatch(1);
    private final CountDownLatch byeConfirmed = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile int finalStatus;
    private volatile @Nullable SipMessage answer;
    private volatile @Nullable RtpStream stream;
    private volatile String referral = "200 OK";
    private int sequence = 1;

    /**
     * Who calls whom.
     *
     * @param from the whole From value without tag: {@code "Ann" <sip:+1234567890@carrier.example>}
     * @param headers further ones, as {@code Name: value}
     */
    public record Dialling(String from, String called, List<String> headers) {
        /** Without a display name; the user may be empty, as it is where a number is withheld. */
        public static Dialling by(String user, String called) {
            return new Dialling("<sip:" + user + (user.isEmpty() ? "" : "@") + "127.0.0.1>", called, List.of());
        }
    }

    private SipPhone(InetSocketAddress exchange, Dialling dialling) throws IOException {
        this.exchange = exchange;
        InetAddress loopback = InetAddress.getLoopbackAddress();
        signalling = new DatagramSocket(0, loopback);
        media = new DatagramSocket(0, loopback);
        hearing = new Hearing(Band.RATE, () -> over.getCount() == 0);
        from = dialling.from() + ";tag=" + random();
        target = "sip:" + dialling.called() + "@" + exchange.getHostString() + ":" + exchange.getPort();
        Thread.startVirtualThread(this::receive);
        invite(dialling.headers());
    }

    /** Sends the INVITE and returns. */
    public static SipPhone dial(InetSocketAddress exchange, Dialling dialling) throws IOException {
        return new SipPhone(exchange, dialling);
    }

    /** What becomes of a transfer that REFER asks for, {@code 486 Busy Here} for example; otherwise it succeeds. */
    public SipPhone referred(String status) {
        referral = status;
        return this;
    }

    @Override
    public SipPhone answered() {
        await("an answer to " + callId).atMost(LIMIT).until(() -> decided.getCount() == 0);
        assertThat(finalStatus).as("the answer to the INVITE").isBetween(200, 299);
        return this;
    }

    /** The SIP status of the answer to the INVITE, when there is one. */
    public OptionalInt status() {
        return finalStatus == 0 ? OptionalInt.empty() : OptionalInt.of(finalStatus);
    }

    /** The first lines of all that came, in order. */
    public List<String> received() {
        return received.stream().map(SipMessage::start).toList();
    }

    @Override
    public void say(short[] pcm24k) {
        awaitOrOver("saying it", talking().say(Band.toLine(pcm24k, TextToSpeech.RATE)));
    }

    @Override
    public void press(String pressed) {
        for (int i = 0; i < pressed.length(); i++) {
            char key = pressed.charAt(i);
            awaitOrOver("pressing " + key, talking().press(key));
        }
    }

    @Override
    public void agentBegins() {
        hearing.awaitSpeech();
    }

    @Override
    public void agentFinishes() {
        hearing.awaitPause();
    }

    @Override
    public Duration silence() {
        return hearing.silence();
    }

    @Override
    public short[] heard() {
        return Band.fromLine(hearing.all(), HEARD_RATE);
    }

    @Override
    public String keys() {
        return String.join("", keys);
    }

    @Override
    public void hangUp() throws InterruptedException {
        if (answer != null) {
            bye();
        } else if (decided.getCount() > 0 && provisional.await(TRIES, TimeUnit.SECONDS)) {
            var request = message("CANCEL", target, inviteBranch, 1, "", List.of(), "");
            retransmit(request, decided);
            if (answer != null) { // the answer was quicker
                bye();
            }
        }
        end();
    }

    @Override
    public boolean awaitHungUp(Duration limit) throws InterruptedException {
        return over.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        try {
            if (over.getCount() > 0) {
                hangUp();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
            signalling.close();
            media.close();
        }
    }

    private void invite(List<String> more) {
        var headers = new ArrayList<Header>();
        headers.add(contact());
        more.forEach(
                line -> headers.add(new Header(line.replaceFirst(":.*", ""), line.replaceFirst("[^:]*:\\s*", ""))));
        headers.add(new Header("Content-Type", "application/sdp"));
        String offer = Sdp.offer("127.0.0.1", media.getLocalPort());
        var request = message("INVITE", target, inviteBranch, 1, "", headers, offer);
        Thread.startVirtualThread(() -> {
            try {
                retransmit(request, provisional);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void bye() throws InterruptedException {
        var request = inDialog("BYE", List.of(), "");
        retransmit(request, byeConfirmed);
    }

    private SipMessage inDialog(String method, List<Header> headers, String body) {
        SipMessage accepted = answered200();
        return message(method, remoteTarget(accepted), branch(), ++sequence, accepted.header("To"), headers, body);
    }

    private SipMessage message(
            String method, String uri, String branch, int number, String to, List<Header> more, String body) {
        var headers = new ArrayList<>(List.of(
                new Header(
                        "Via", "SIP/2.0/UDP 127.0.0.1:" + signalling.getLocalPort() + ";branch=" + branch + ";rport"),
                new Header("From", from),
                new Header("To", to.isEmpty() ? "<" + target + ">" : to),
                new Header("Call-ID", callId),
                new Header("CSeq", number + " " + method),
                new Header("Max-Forwards", "70")));
        headers.addAll(more);
        return new SipMessage(method + " " + uri + " SIP/2.0", headers, body);
    }

    private Header contact() {
        return new Header("Contact", "<sip:phone@127.0.0.1:" + signalling.getLocalPort() + ">");
    }

    private void receive() {
        var packet = new DatagramPacket(new byte[65_535], 65_535);
        try {
            while (true) {
                packet.setLength(65_535);
                signalling.receive(packet);
                var message = SipMessage.parse(packet.getData(), packet.getLength());
                if (message.header("Call-ID").equals(callId)) {
                    received.add(message);
                    if (message.isResponse()) {
                        response(message);
                    } else {
                        request(message);
                    }
                }
            }
        } catch (IOException e) {
            end(); // the socket is closed
        }
    }

    private void response(SipMessage response) throws IOException {
        switch (response.method()) {
            case "INVITE" -> invited(response);
            case "BYE" -> byeConfirmed.countDown();
            default -> {
                // of CANCEL and NOTIFY nothing follows
            }
        }
    }

    private void invited(SipMessage response) throws IOException {
        provisional.countDown();
        int status = response.status();
        if (status < 200) {
            return;
        }
        if (status < 300) {
            send(message("ACK", remoteTarget(response), branch(), 1, response.header("To"), List.of(), ""));
            if (answer == null) {
                answer = response;
                finalStatus = status;
                stream = new RtpStream(media, Sdp.parse(response.body()), hearing, key -> keys.add(key.toString()));
                decided.countDown();
            }
            return;
        }
        send(message("ACK", target, inviteBranch, 1, response.header("To"), List.of(), ""));
        finalStatus = status;
        decided.countDown();
        end();
    }

    private void request(SipMessage request) throws IOException {
        switch (request.method()) {
            case "BYE" -> {
                send(request.answer(200, "OK", List.of(), ""));
                end();
            }
            case "INVITE" -> {
                var headers = List.of(contact(), new Header("Content-Type", "application/sdp"));
                send(request.answer(200, "OK", headers, Sdp.offer("127.0.0.1", media.getLocalPort())));
            }
            case "REFER" -> refer(request);
            case "ACK" -> {
                // confirms what was answered
            }
            case "OPTIONS", "INFO" -> send(request.answer(200, "OK", List.of(), ""));
            default -> send(request.answer(405, "Method Not Allowed", List.of(), ""));
        }
    }

    private void refer(SipMessage request) throws IOException {
        send(request.answer(202, "Accepted", List.of(contact()), ""));
        for (String status : List.of("100 Trying", referral)) {
            String state = status.startsWith("100") ? "active;expires=60" : "terminated;reason=noresource";
            var headers = List.of(
                    contact(),
                    new Header("Event", "refer"),
                    new Header("Subscription-State", state),
                    new Header("Content-Type", "message/sipfrag;version=2.0"));
            send(inDialog("NOTIFY", headers, "SIP/2.0 " + status + "\r\n"));
        }
    }

    private void retransmit(SipMessage request, CountDownLatch until) throws InterruptedException {
        long wait = FIRST_WAIT_MS;
        for (int i = 0; i < TRIES && over.getCount() > 0; i++) {
            try {
                send(request);
            } catch (IOException e) {
                if (over.getCount() > 0) {
                    throw new UncheckedIOException(e);
                }
            }
            if (until.await(wait, TimeUnit.MILLISECONDS)) {
                return;
            }
            wait *= 2;
        }
    }

    private synchronized void send(SipMessage message) throws IOException {
        byte[] bytes = message.bytes();
        signalling.send(new DatagramPacket(bytes, bytes.length, exchange));
    }

    private void end() {
        RtpStream open = stream;
        if (open != null) {
            open.close();
        }
        over.countDown();
        decided.countDown();
    }

    private RtpStream talking() {
        RtpStream open = stream;
        if (open == null) {
            throw new IllegalStateException("nobody has answered " + callId);
        }
        return open;
    }

    private SipMessage answered200() {
        SipMessage accepted = answer;
        if (accepted == null) {
            throw new IllegalStateException("nobody has answered " + callId);
        }
        return accepted;
    }

    private void awaitOrOver(String what, CountDownLatch done) {
        await(what).atMost(LIMIT).until(() -> done.getCount() == 0 || over.getCount() == 0);
    }

    private String remoteTarget(SipMessage response) {
        return response.find("Contact").map(SipMessage::uri).orElse(target);
    }

    private static String branch() {
        return "z9hG4bK" + random();
    }

    private static String random() {
        var bytes = new byte[8];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
