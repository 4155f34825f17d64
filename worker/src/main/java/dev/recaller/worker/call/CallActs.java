package dev.recaller.worker.call;

import dev.recaller.flow.line.Transferred;
import dev.recaller.livekit.room.Participant;
import dev.recaller.livekit.room.Room;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.worker.speech.TelephoneActs;
import dev.recaller.worker.telephony.Keys;
import dev.recaller.worker.telephony.Transfers;
import java.time.Duration;
import java.util.Optional;

/** What the telephone of a call can do: its room's participant of kind SIP, by the LiveKit server. */
final class CallActs implements TelephoneActs {
    private final LiveKitSip sip;
    private final Room room;
    private final CallRoom callRoom;
    private final HangUp hangUp;

    CallActs(LiveKitSip sip, Room room, CallRoom callRoom, HangUp hangUp) {
        this.sip = sip;
        this.room = room;
        this.callRoom = callRoom;
        this.hangUp = hangUp;
    }

    @Override
    public void hangUp() {
        hangUp.begin();
    }

    @Override
    public boolean sendDigits(String digits) throws InterruptedException {
        return Keys.press(room, digits);
    }

    @Override
    public Transferred transfer(String to, Duration ring) throws InterruptedException {
        Optional<Participant> caller = callRoom.awaitCaller(Duration.ZERO);
        return caller.isEmpty()
                ? new Transferred.HungUp()
                : Transfers.refer(sip, room.name(), caller.get().identity(), to, ring);
    }
}
