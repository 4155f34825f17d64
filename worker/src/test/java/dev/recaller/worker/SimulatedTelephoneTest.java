package dev.recaller.worker;

import static java.util.Objects.requireNonNull;

import dev.recaller.livekit.server.OutboundTrunk;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.livekit.testing.SipStandIn;
import dev.recaller.livekit.testing.SipStandIn.Answer;
import dev.recaller.worker.phone.Phone;
import dev.recaller.worker.phone.Ringing;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The calls of {@link TelephoneSuite} by a simulated participant of kind SIP over a real livekit-server. */
final class SimulatedTelephoneTest extends TelephoneSuite {
    @Override
    Exchange open() throws Exception {
        System.out.println("*** Telephone calls by a SIMULATED SIP participant: the room as livekit-sip makes it and a"
                + " telephone's band, no SIP, no RTP. ***");
        var liveKit = new LiveKitServerFixture();
        liveKit.start();
        try {
            return new Simulated(liveKit);
        } catch (Exception | Error e) {
            liveKit.close();
            throw e;
        }
    }

    private static final class Simulated implements Exchange {
        private final LiveKitServerFixture liveKit;
        private final SipStandIn sip;
        private final RunningWorker worker;
        private final String trunk;
        private final BlockingQueue<Ringing> ringing = new LinkedBlockingQueue<>();

        Simulated(LiveKitServerFixture liveKit) throws Exception {
            this.liveKit = liveKit;
            sip = new SipStandIn(liveKit);
            trunk = trunkTo("carrier.example", OutboundTrunk.Transport.AUTO, sip.url());
            worker = RunningWorker.start(sip, Path.of("../flows/front-desk.json"));
            sip.dialled(call -> {
                var phone = new SimulatedRinging(call.to(), worker.called(call));
                ringing.add(phone);
                return phone.answer();
            });
        }

        @Override
        public RunningWorker worker() {
            return worker;
        }

        @Override
        public Phone dial(String from, String called) throws InterruptedException {
            return worker.phone(from, new SimulatedPhone.Told("", "", Map.of("sip.trunkPhoneNumber", called)));
        }

        @Override
        public String trunk() {
            return trunk;
        }

        @Override
        public Ringing called() throws InterruptedException {
            return requireNonNull(ringing.poll(60, TimeUnit.SECONDS), "nobody is telephoned");
        }

        @Override
        public void transferred(Phone caller, int status, String reason) {
            sip.transferred(_ -> Answer.of(status, reason));
        }

        @Override
        public void close() {
            worker.close();
            sip.close();
            liveKit.close();
        }
    }
}
