package dev.recaller.worker;

import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.worker.phone.Phone;
import java.util.Map;

/** The calls of {@link TelephoneSuite} by a simulated participant of kind SIP over a real livekit-server. */
final class SimulatedTelephoneTest extends TelephoneSuite {
    @Override
    Exchange open() throws Exception {
        System.out.println("*** Telephone calls by a SIMULATED SIP participant: the room as livekit-sip makes it and a"
                + " telephone's band, no SIP, no RTP. ***");
        var liveKit = new LiveKitServerFixture();
        liveKit.start();
        try {
            return new Simulated(liveKit, RunningWorker.start(liveKit));
        } catch (Exception | Error e) {
            liveKit.close();
            throw e;
        }
    }

    private record Simulated(LiveKitServerFixture liveKit, RunningWorker worker) implements Exchange {
        @Override
        public Phone dial(String from, String called) throws InterruptedException {
            return worker.phone(from, new SimulatedPhone.Told("", "", Map.of("sip.trunkPhoneNumber", called)));
        }

        @Override
        public void close() {
            worker.close();
            liveKit.close();
        }
    }
}
