package dev.recaller.worker.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.worker.phone.SipMessage.Header;
import dev.recaller.worker.speech.TextToSpeech;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A telephone on loopback that speaks SIP over UDP (RFC 3261) and G.711: it calls and is called, ends a call with BYE or has it
 * ended, gives up with CANCEL while it rings, and does what REFER asks (RFC 3515) by telling what became of it.
 */
public final class SipPhone implements Phone, SipDialog.Listener {
    static final String KEYS = "0123456789*#ABCD";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int HEARD_RATE = 16_000;

    private final SipDialog dialog;
    private final DatagramSocket media;
    private final Hearing hearing;
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final List<SipMessage> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch provisional = new CountDownLatch(1);
    private final CountDownLatch decided = new CountDownLatch(1);
    private final CountDownLatch acknowledged = new CountDownLatch(1);
    private final CountDownLatch byeConfirmed = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile int finalStatus;
    private volatile @Nullable RtpStream stream;
    private volatile String referral = "200 OK";

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

    private SipPhone(SipDialog dialog) throws IOException {
        this.dialog = dialog;
        media = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        hearing = new Hearing(Band.RATE, () -> over.getCount() == 0);
        dialog.listen(this);
    }

    /** Sends the INVITE and returns. */
    public static SipPhone dial(InetSocketAddress exchange, Dialling dialling) throws IOException {
        var phone = new SipPhone(SipDialog.calling(exchange, dialling.from(), dialling.called()));
        phone.invite(dialling.headers());
        return phone;
    }

    /**
     * Answers a call.
     *
     * @param tagged its INVITE, with our tag
     */
    static SipPhone pickUp(InetSocketAddress exchange, SipMessage tagged) throws IOException {
        var phone = new SipPhone(SipDialog.called(exchange, tagged));
        phone.talk(tagged.body());
        phone.resend(tagged.answer(200, "OK", phone.session(), phone.offer()), phone.acknowledged);
        return phone;
    }

    /** What becomes of a transfer that REFER asks for, {@code 486 Busy Here} for example; otherwise it succeeds. */
    public SipPhone referred(String status) {
        referral = status;
        return this;
    }

    @Override
    public SipPhone answered() {
        await("an answer to " + dialog.callId()).atMost(LIMIT).until(() -> decided.getCount() == 0);
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
        if (stream == null && decided.getCount() > 0 && provisional.await(5, TimeUnit.SECONDS)) {
            dialog.sendUntil(dialog.ofInvite("CANCEL", List.of(), ""), decided);
        }
        if (stream != null) { // also where the answer was quicker than giving up
            dialog.sendUntil(dialog.request("BYE", List.of(), ""), byeConfirmed);
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
            dialog.close();
            media.close();
        }
    }

    private void invite(List<String> more) {
        var headers = new ArrayList<>(session());
        more.forEach(
                line -> headers.add(new Header(line.replaceFirst(":.*", ""), line.replaceFirst("[^:]*:\\s*", ""))));
        resend(dialog.ofInvite("INVITE", headers, offer()), provisional);
    }

    private void resend(SipMessage message, CountDownLatch until) {
        Thread.startVirtualThread(() -> {
            try {
                dialog.sendUntil(message, until);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private List<Header> session() {
        return List.of(dialog.contact(), new Header("Content-Type", "application/sdp"));
    }

    private String offer() {
        return Sdp.offer("127.0.0.1", media.getLocalPort());
    }

    private synchronized void talk(String description) {
        if (stream == null) {
            stream = new RtpStream(media, Sdp.parse(description), hearing, key -> keys.add(key.toString()));
        }
        finalStatus = 200;
        decided.countDown();
    }

    @Override
    public void response(SipMessage response) {
        received.add(response);
        switch (response.method()) {
            case "INVITE" -> invited(response);
            case "BYE" -> byeConfirmed.countDown();
            default -> {
                // of CANCEL and NOTIFY nothing follows
            }
        }
    }

    private void invited(SipMessage response) {
        provisional.countDown();
        int status = response.status();
        if (status < 200) {
            return;
        }
        if (status < 300) {
            dialog.send(dialog.confirm(response));
            talk(response.body());
            return;
        }
        dialog.send(dialog.accept(response));
        finalStatus = status;
        end();
    }

    @Override
    public void request(SipMessage request) {
        received.add(request);
        switch (request.method()) {
            case "BYE" -> {
                dialog.send(request.answer(200, "OK", List.of(), ""));
                end();
            }
            case "INVITE" -> dialog.send(request.answer(200, "OK", session(), offer()));
            case "REFER" -> refer(request);
            case "ACK" -> acknowledged.countDown();
            case "OPTIONS", "INFO" -> dialog.send(request.answer(200, "OK", List.of(), ""));
            default -> dialog.send(request.answer(405, "Method Not Allowed", List.of(), ""));
        }
    }

    private void refer(SipMessage request) {
        dialog.send(request.answer(202, "Accepted", List.of(dialog.contact()), ""));
        for (String status : List.of("100 Trying", referral)) {
            String state = status.startsWith("100") ? "active;expires=60" : "terminated;reason=noresource";
            var headers = List.of(
                    dialog.contact(),
                    new Header("Event", "refer"),
                    new Header("Subscription-State", state),
                    new Header("Content-Type", "message/sipfrag;version=2.0"));
            dialog.send(dialog.request("NOTIFY", headers, "SIP/2.0 " + status + "\r\n"));
        }
    }

    @Override
    public void closed() {
        end();
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
            throw new IllegalStateException("nobody has answered " + dialog.callId());
        }
        return open;
    }

    private void awaitOrOver(String what, CountDownLatch done) {
        await(what).atMost(LIMIT).until(() -> done.getCount() == 0 || over.getCount() == 0);
    }
}
