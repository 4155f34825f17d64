package dev.recaller.worker.phone;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.worker.phone.SipMessage.Header;
import dev.recaller.worker.phone.SipPhone.Dialling;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The telephone against a scripted peer; no test here speaks with a real livekit-sip. */
@Timeout(60)
final class SipPhoneTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Dialling CALL =
            new Dialling("\"Ann\" <sip:+12345678900@carrier.example>", "+15550100", List.of("X-Customer-Id: C-4711"));

    private final ScriptedBridge bridge = new ScriptedBridge();

    @AfterEach
    void stop() {
        bridge.close();
    }

    @Test
    void anInviteThatWasLostIsSentAgainAndSaysWhoCalls() throws Exception {
        try (var phone = SipPhone.dial(bridge.address(), CALL)) {
            SipMessage lost = bridge.next("INVITE");
            SipMessage invite = bridge.next("INVITE");
            assertThat(invite).isEqualTo(lost);
            assertThat(invite.start())
                    .isEqualTo(
                            "INVITE sip:+15550100@127.0.0.1:" + bridge.address().getPort() + " SIP/2.0");
            assertThat(invite.header("From")).startsWith("\"Ann\" <sip:+12345678900@carrier.example>;tag=");
            assertThat(invite.header("X-Customer-Id")).isEqualTo("C-4711");
            bridge.answer(invite, 404, "Not Found");
            assertThat(phone.awaitHungUp(SOON)).isTrue();
        }
    }

    @Test
    void bothSidesHearEachOtherAndKeysArrive() throws Exception {
        var hearing = new Hearing(Band.RATE, () -> false);
        var keys = new CopyOnWriteArrayList<Character>();
        try (var phone = SipPhone.dial(bridge.address(), CALL)) {
            SipMessage invite = bridge.next("INVITE");
            bridge.answer(invite, 100, "Trying");
            bridge.answer(invite, 180, "Ringing");
            bridge.answer(invite, 180, "Ringing");
            bridge.accept(invite);
            bridge.accept(invite);
            phone.answered();
            SipMessage ack = bridge.next("ACK");
            assertThat(bridge.next("ACK").header("CSeq"))
                    .as("to the second 200")
                    .isEqualTo(ack.header("CSeq"))
                    .isEqualTo("1 ACK");
            assertThat(ack.start()).contains("sip:bridge@127.0.0.1");
            try (var agent = bridge.talk(invite, hearing, keys)) {
                phone.say(tone(24_000));
                phone.press("4#");
                agent.press('*').await();
                agent.say(tone(Band.RATE));
                phone.agentFinishes();
                assertThat(loudness(hearing.all())).isBetween(5_000.0, 6_500.0);
                assertThat(loudness(phone.heard())).isBetween(5_000.0, 6_500.0);
                assertThat(keys).containsExactly('4', '#');
                assertThat(phone.keys()).isEqualTo("*");
            }
            var hangUp = Thread.startVirtualThread(phone::close);
            SipMessage bye = bridge.next("BYE");
            assertThat(bye.header("To")).contains(";tag=bridge");
            assertThat(bye.header("CSeq")).isEqualTo("2 BYE");
            bridge.answer(bye, 200, "OK");
            hangUp.join();
            assertThat(bridge.idle())
                    .as("a BYE that was confirmed is not sent again")
                    .isTrue();
        }
    }

    @Test
    void theOtherSideHangsUp() throws Exception {
        try (var phone = SipPhone.dial(bridge.address(), CALL)) {
            SipMessage invite = bridge.next("INVITE");
            bridge.accept(invite);
            phone.answered();
            bridge.request("BYE", invite);
            assertThat(bridge.next("BYE").status()).isEqualTo(200);
            assertThat(phone.awaitHungUp(SOON)).isTrue();
        }
    }

    @Test
    void whoGivesUpWhileItRingsCancelsAndIsRefused() throws Exception {
        try (var phone = SipPhone.dial(bridge.address(), CALL)) {
            SipMessage invite = bridge.next("INVITE");
            bridge.answer(invite, 180, "Ringing");
            await().atMost(SOON).until(() -> phone.received().size() == 1);
            var hangUp = Thread.startVirtualThread(phone::close);
            SipMessage cancel = bridge.next("CANCEL");
            assertThat(cancel.header("Via")).as("the INVITE's branch").isEqualTo(invite.header("Via"));
            bridge.answer(cancel, 200, "OK");
            bridge.answer(invite, 487, "Request Terminated");
            assertThat(bridge.next("ACK").header("CSeq")).isEqualTo("1 ACK");
            hangUp.join();
            assertThat(phone.status()).hasValue(487);
        }
    }

    @Test
    void aBusyLineIsAValue() throws Exception {
        try (var phone = SipPhone.dial(bridge.address(), CALL)) {
            bridge.answer(bridge.next("INVITE"), 486, "Busy Here");
            assertThat(phone.awaitHungUp(SOON)).isTrue();
            assertThat(phone.status()).hasValue(486);
            assertThat(phone.heard()).isEmpty();
            bridge.next("ACK");
        }
    }

    @Test
    void whoIsReferredTellsWhatBecameOfIt() throws Exception {
        try (var phone = SipPhone.dial(bridge.address(), CALL).referred("486 Busy Here")) {
            SipMessage invite = bridge.next("INVITE");
            bridge.accept(invite);
            phone.answered();
            bridge.request("REFER", invite, bridge.contact(), new Header("Refer-To", "<tel:+15550199>"));
            assertThat(bridge.next("REFER").status()).isEqualTo(202);
            assertThat(bridge.next("NOTIFY").body()).isEqualTo("SIP/2.0 100 Trying\r\n");
            SipMessage told = bridge.next("NOTIFY");
            assertThat(told.body()).isEqualTo("SIP/2.0 486 Busy Here\r\n");
            assertThat(told.header("Subscription-State")).startsWith("terminated");
            assertThat(phone.awaitHungUp(Duration.ZERO)).as("the call goes on").isFalse();
            bridge.request("BYE", invite);
            assertThat(phone.awaitHungUp(SOON)).isTrue();
        }
    }

    @Test
    void whoIsCalledPicksUpTalksAndIsHungUpOn() throws Exception {
        try (var line = new SipLine();
                var caller = SipPhone.dial(addressOf(line), CALL)) {
            Ringing ringing = requireNonNull(line.next(SOON));
            assertThat(ringing.number()).isEqualTo("+15550100");
            assertThat(caller.status()).as("it rings").isEmpty();
            try (var called = ringing.pickUp()) {
                caller.answered();
                called.say(tone(24_000));
                await().atMost(SOON)
                        .untilAsserted(
                                () -> assertThat(loudness(caller.heard())).isBetween(5_000.0, 6_500.0));
                caller.press("1");
                await().atMost(SOON).until(() -> called.keys().equals("1"));
                caller.hangUp();
                assertThat(called.awaitHungUp(SOON)).isTrue();
            }
        }
    }

    @Test
    void whoIsCalledDoesNotWantTheCallOrTheCallerGivesUp() throws Exception {
        try (var line = new SipLine()) {
            try (var caller = SipPhone.dial(addressOf(line), CALL)) {
                requireNonNull(line.next(SOON)).refuse(603, "Decline");
                assertThat(caller.awaitHungUp(SOON)).isTrue();
                assertThat(caller.status()).hasValue(603);
            }
            try (var caller = SipPhone.dial(addressOf(line), CALL)) {
                Ringing ringing = requireNonNull(line.next(SOON));
                caller.hangUp();
                assertThat(ringing.awaitGivenUp(SOON)).isTrue();
                assertThat(caller.status()).hasValue(487);
            }
        }
    }

    private static InetSocketAddress addressOf(SipLine line) {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                Integer.parseInt(line.address().replaceFirst(".*:", "")));
    }

    /** Half a second of 1 kHz, the root of whose mean square is 5657. */
    private static short[] tone(int rate) {
        var tone = new short[rate / 2];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (short) (8_000 * Math.sin(2 * Math.PI * 1_000 * i / rate));
        }
        return tone;
    }

    /** Of what is not silence. */
    private static double loudness(short[] pcm) {
        double sum = 0;
        int loud = 0;
        int window = 80;
        for (int at = 0; at + window <= pcm.length; at += window) {
            double power = 0;
            for (int i = at; i < at + window; i++) {
                power += (double) pcm[i] * pcm[i];
            }
            if (power / window > 1_000_000) {
                sum += power;
                loud += window;
            }
        }
        return Math.sqrt(sum / Math.max(1, loud));
    }
}
