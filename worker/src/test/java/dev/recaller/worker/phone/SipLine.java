package dev.recaller.worker.phone;

import dev.recaller.worker.phone.SipMessage.Header;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where telephones are called on loopback: a UDP port that takes INVITEs, each of which rings until somebody does something about it. */
public final class SipLine implements AutoCloseable {
    private final SipSocket socket = new SipSocket();
    private final Map<String, Bell> bells = new ConcurrentHashMap<>();
    private final BlockingQueue<Ringing> ringing = new LinkedBlockingQueue<>();

    public SipLine() {
        socket.listen(this::taken, () -> {});
    }

    /** For an outbound trunk: {@code 127.0.0.1:port}. */
    public String address() {
        return socket.address();
    }

    /** The telephone that is called next; null when none is within the limit. */
    public @Nullable Ringing next(Duration limit) throws InterruptedException {
        return ringing.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        socket.close();
    }

    private final class Bell implements Ringing {
        private final SipMessage invite;
        private final InetSocketAddress caller;
        private final CountDownLatch givenUp = new CountDownLatch(1);

        Bell(SipMessage invite, InetSocketAddress caller) {
            this.invite = invite.tagged(SipDialog.random());
            this.caller = caller;
        }

        @Override
        public String number() {
            return invite.start().replaceFirst("^\\S+ sips?:([^@;]*)@.*", "$1");
        }

        @Override
        public SipPhone pickUp() {
            try {
                return SipPhone.pickUp(caller, invite);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void refuse(int status, String reason) {
            answer(status, reason);
        }

        @Override
        public boolean awaitGivenUp(Duration limit) throws InterruptedException {
            return givenUp.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        }

        void rings() {
            answer(180, "Ringing");
        }

        void cancelled(SipMessage cancel) {
            socket.send(cancel.answer(200, "OK", List.of(), ""), caller);
            answer(487, "Request Terminated");
            givenUp.countDown();
        }

        private void answer(int status, String reason) {
            var contact = new Header("Contact", "<sip:phone@" + address() + ">");
            socket.send(invite.answer(status, reason, List.of(contact), ""), caller);
        }
    }

    private void taken(SipMessage message, InetSocketAddress caller) {
        String callId = message.header("Call-ID");
        Bell bell = bells.get(callId);
        switch (message.method()) {
            case "INVITE" -> {
                if (bell == null && !message.isResponse()) {
                    bell = new Bell(message, caller);
                    bells.put(callId, bell);
                    bell.rings();
                    ringing.add(bell);
                }
            }
            case "CANCEL" -> {
                if (bell != null) {
                    bell.cancelled(message);
                }
            }
            case "OPTIONS" -> socket.send(message.answer(200, "OK", List.of(), ""), caller);
            default -> {
                // ACK of a refusal
            }
        }
    }
}
