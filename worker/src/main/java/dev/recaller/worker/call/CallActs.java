package dev.recaller.worker.call;

import dev.recaller.flow.line.Consulted;
import dev.recaller.flow.line.Transferred;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.agent.Job;
import dev.recaller.livekit.room.Participant;
import dev.recaller.livekit.room.Room;
import dev.recaller.livekit.server.Dial;
import dev.recaller.worker.speech.TelephoneActs;
import dev.recaller.worker.telemetry.Logging;
import dev.recaller.worker.telephony.DialOrder;
import dev.recaller.worker.telephony.Keys;
import dev.recaller.worker.telephony.Transfers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the telephone of a call can do: its room's participant of kind SIP, by the LiveKit server. Closing it hangs up on who
 * was telephoned beside the caller.
 */
final class CallActs implements TelephoneActs, AutoCloseable {
    private final UUID callId;
    private final Plan plan;
    private final Job job;
    private final CallServices services;
    private final Room room;
    private final CallRoom callRoom;
    private final HangUp hangUp;
    private volatile @Nullable SecondLeg second;

    CallActs(UUID callId, Plan plan, Job job, CallServices services, Room room, CallRoom callRoom, HangUp hangUp) {
        this.callId = callId;
        this.plan = plan;
        this.job = job;
        this.services = services;
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
        if (caller.isEmpty()) {
            return new Transferred.HungUp();
        }
        Optional<Transferred> refused = refused(to, caller.get());
        return refused.isPresent()
                ? refused.get()
                : Transfers.refer(services.sip(), room.name(), caller.get().identity(), to, ring);
    }

    private Optional<Transferred> refused(String to, Participant caller) {
        return services.tolls()
                .refused(plan.organizationId(), callId, to, called(caller))
                .map(Transferred.Failed::new);
    }

    /** Our number, which the caller dialled or from which we called them. */
    private static String called(Participant caller) {
        return caller.attributes().getOrDefault("sip.trunkPhoneNumber", "");
    }

    @Override
    public Consulted consult(String to, Duration ring) throws InterruptedException {
        Optional<Participant> caller = callRoom.awaitCaller(Duration.ZERO);
        if (caller.isEmpty()) {
            return new Consulted.NotReached(new Transferred.HungUp());
        }
        Optional<Transferred> refused = refused(to, caller.get());
        if (refused.isPresent()) {
            return new Consulted.NotReached(refused.get());
        }
        DialOrder order;
        try {
            order = Transfers.order(services.sip().outboundTrunks(), to, called(caller.get()));
        } catch (IllegalArgumentException | LiveKitException e) {
            return new Consulted.NotReached(new Transferred.Failed(String.valueOf(e.getMessage())));
        }
        var threads = Logging.threadsOf(callId.toString(), plan.organizationId());
        var leg = new SecondLeg(callId, services, room, callRoom, plan.flow().configuration(), threads);
        second = leg;
        Duration rings = ring.compareTo(Dial.LONGEST_RING) > 0 ? Dial.LONGEST_RING : ring;
        Transferred how = leg.dial(job.url(), order, rings);
        if (how instanceof Transferred.Done) {
            return new Consulted.Reached(leg);
        }
        leg.close();
        return new Consulted.NotReached(how);
    }

    /** Whom the caller talks with instead of us. Any thread, at once. */
    @Nullable
    SecondLeg joined() {
        SecondLeg leg = second;
        return leg != null && leg.isJoined() ? leg : null;
    }

    /** Waits until the caller and who they were joined with have talked; returns at once where nobody was. */
    void awaitParted() throws InterruptedException {
        SecondLeg leg = joined();
        if (leg != null) {
            leg.awaitParted();
        }
    }

    @Override
    public void close() {
        SecondLeg leg = second;
        if (leg != null) {
            leg.hangUp();
        }
    }
}
