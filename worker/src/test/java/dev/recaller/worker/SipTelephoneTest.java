package dev.recaller.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.livekit.server.OutboundTrunk;
import dev.recaller.worker.phone.Phone;
import dev.recaller.worker.phone.Ringing;
import dev.recaller.worker.phone.SipExchange;
import dev.recaller.worker.phone.SipLine;
import dev.recaller.worker.phone.SipPhone;
import dev.recaller.worker.phone.SipPhone.Dialling;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The calls of {@link TelephoneSuite} over SIP and G.711, through redis, livekit-server and livekit-sip of dev/phone. */
final class SipTelephoneTest extends TelephoneSuite {
    @Override
    Exchange open() throws Exception {
        SipExchange exchange = SipExchange.open(SimulatedPhone.AGENT, NUMBERS);
        try {
            return new Real(exchange);
        } catch (Exception | Error e) {
            exchange.close();
            throw e;
        }
    }

    /** As docs/caller-id.md says of it. */
    @Test
    void aCallerWhoIsNotWantedIsToldTheLineIsBusy() throws Exception {
        try (var phone = (SipPhone) dial("anonymous", STRICT)) {
            assertThat(phone.awaitHungUp(Duration.ofSeconds(30))).isTrue();
            assertThat(phone.status()).hasValue(486);
        }
    }

    private static final class Real implements Exchange {
        private final SipExchange exchange;
        private final SipLine outside = new SipLine();
        private final RunningWorker worker;
        private final String trunk;

        Real(SipExchange exchange) throws Exception {
            this.exchange = exchange;
            trunk = trunkTo(outside.address(), OutboundTrunk.Transport.UDP, exchange.liveKit());
            worker = RunningWorker.start(exchange.liveKit());
        }

        @Override
        public RunningWorker worker() {
            return worker;
        }

        @Override
        public Phone dial(String from, String called) throws IOException {
            return SipPhone.dial(exchange.sip(), Dialling.by(from, called));
        }

        @Override
        public String trunk() {
            return trunk;
        }

        @Override
        public Ringing called() throws InterruptedException {
            return requireNonNull(outside.next(Duration.ofSeconds(60)), "nobody is telephoned");
        }

        @Override
        public void transferred(Phone caller, int status, String reason) {
            ((SipPhone) caller).referred(status + " " + reason);
        }

        @Override
        public void close() {
            try {
                worker.close();
            } finally { // also when its log has what must not be there
                outside.close();
                exchange.close();
            }
        }
    }
}
