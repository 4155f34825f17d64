package dev.recaller.worker.call;

import static java.util.Objects.requireNonNull;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.definition.Flow;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.agent.Job;
import dev.recaller.livekit.room.Room;
import dev.recaller.worker.speech.Playout;
import dev.recaller.worker.telemetry.Logging;
import dev.recaller.worker.telephony.CallOrder;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One telephone call, from its job to its last stored row. {@link #run} blocks for as long as the call lasts; everything
 * opened for the call is closed when it returns.
 */
public final class Call {
    private static final Logger log = LoggerFactory.getLogger(Call.class);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    /** livekit-sip joins within 100 ms of the job; after this the caller has given up or never existed. */
    private static final Duration CALLER_LIMIT = Duration.ofSeconds(20);
    /** A flow that takes longer to say something has its caller listen to silence rather than give up. */
    private static final Duration RING_LIMIT = Duration.ofSeconds(10);
    /** Who puts the phone down takes the room along, and what goes on in it fails before we are told why. */
    private static final Duration GIVING_UP = Duration.ofSeconds(1);
    /** What a flow may take to end itself after its longest time. */
    private static final Duration OVERTIME = Duration.ofSeconds(30);

    /** Ends that, while the phone still rings, mean that the caller gave up. */
    private static final Set<EndReason> RINGS_OUT = EnumSet.of(EndReason.CALLER_HANGUP, EndReason.ROOM_CLOSED);

    /** Ends that are our fault: the caller hears so, and LiveKit sees a failed job. */
    private static final Set<EndReason> OUR_FAULT = EnumSet.of(
            EndReason.FLOW_ERROR,
            EndReason.MODEL_ERROR,
            EndReason.SPEECH_ERROR,
            EndReason.TRANSCRIPTION_ERROR,
            EndReason.MEDIA_LOST,
            EndReason.WORKER_DRAINING);

    private final UUID id;
    private final CallOrder order;
    private final Job job;
    private final String metadata;
    private final @Nullable Resumed resumed;
    private final long offeredNs;
    private final Planning planning;
    private final CallServices services;

    private final Playout playout = new Playout(System::nanoTime);
    private final Prelude prelude = new Prelude(playout);
    private final CallRoom callRoom = new CallRoom(new Telephone());
    private final HangUp hangUp;
    private final Outgoing outgoing;
    private final CallRow row;
    private final OutsideEnd outside = new OutsideEnd();

    private @Nullable Plan plan;
    private final Steered steered = new Steered(this::end);
    private volatile @Nullable LiveCall live;

    /**
     * A call that begins here, or goes on.
     *
     * @param offeredNs when the job was offered, by {@link System#nanoTime}
     * @param resumed present: another worker was lost in it
     */
    public Call(Job job, long offeredNs, @Nullable Resumed resumed, Planning planning, CallServices services) {
        this.job = requireNonNull(job, "job is null");
        this.resumed = resumed;
        this.offeredNs = offeredNs;
        this.planning = requireNonNull(planning, "planning is null");
        this.services = requireNonNull(services, "services is null");
        metadata = resumed == null ? job.metadata() : resumed.call().metadata();
        order = CallOrder.of(metadata);
        id = resumed != null
                ? resumed.call().callId()
                : order.callId() == null ? services.ids().next() : order.callId();
        row = new CallRow(id, metadata, resumed, services, this::abandon);
        hangUp = new HangUp(job, callRoom, services.server(), services.held());
        outgoing = new Outgoing(services, job, resumed == null ? metadata : "", callRoom, row::notReached);
    }

    /**
     * Ends the call from outside; the caller hears an apology when it is our fault. A call whose caller is gone is let
     * finish what it still stores. Any thread.
     */
    public void end(EndReason reason) {
        outside.end(reason);
    }

    /** Another worker has it: it goes on there, with its caller, its row and what its flow keeps. */
    private void abandon() {
        hangUp.abandon();
        end(EndReason.WORKER_LOST);
    }

    /** Runs the call to its end. What a call can suffer is in the reason, and never thrown. */
    public EndReason run() {
        MDC.put(Logging.CALL, id.toString());
        EndReason reason = EndReason.FLOW_ERROR;
        try (prelude;
                var scope = new CallScope(Logging.threadsOf(id.toString()))) {
            outside.interrupts(Thread.currentThread());
            reason = inRoom(scope);
        } catch (LiveKitException e) {
            log.error("the call's room cannot be used: {}", e.getMessage());
            reason = EndReason.MEDIA_LOST;
        } catch (InterruptedException e) {
            reason = outside.or(EndReason.WORKER_DRAINING);
        } catch (RuntimeException e) {
            log.error("the call failed", e);
        } finally {
            ended(reason);
        }
        return reason;
    }

    private void ended(EndReason reason) {
        job.failed(reason.label());
        if (plan == null) {
            services.meters().callEndedUnplanned(reason);
        } else {
            services.meters().callEnded(plan.flow().id(), reason);
        }
        if (live != null) {
            services.live().end(live, reason);
        }
        if (hangUp.isAbandoned()) {
            prelude.tell(Conversation::end);
        } else {
            services.afterCalls().ended(id, () -> {
                row.end(reason);
                prelude.tell(Conversation::end);
            });
        }
        log.info("call ended: {}", reason.label());
        MDC.remove(Logging.CALL);
        MDC.remove(Logging.ORGANIZATION);
    }

    private EndReason inRoom(CallScope scope) throws InterruptedException {
        try (Room room = services.rooms().connect(job.url(), job.token(), callRoom, CONNECT_LIMIT)) {
            hangUp.joined(room);
            job.running();
            scope.fork("hearing the caller", () -> hear(room));
            Optional<CallMetadata> told = outgoing.ordered() ? Optional.of(outgoing.told(room)) : told(room);
            EndReason reason = told.isPresent()
                    ? withCaller(room, scope, told.get())
                    : outgoing.unreached().orElseGet(() -> outside.or(EndReason.NEVER_ANSWERED));
            if (OUR_FAULT.contains(reason)) {
                job.failed(reason.label());
            } else {
                job.succeeded();
            }
            return reason;
        } finally {
            outside.interruptsNobody();
            hangUp.finish();
        }
    }

    /** Waits for the caller; empty when nobody came. */
    private Optional<CallMetadata> told(Room room) throws InterruptedException {
        return callRoom.awaitCaller(CALLER_LIMIT)
                .map(caller -> new CallMetadata(metadata, room.metadata(), caller.attributes()));
    }

    /**
     * livekit-sip answers the telephone when we have a track: as soon as there is something to say or the caller is listened
     * to, so that nobody hears a silence who could hear it ring. Who is called answers themselves.
     */
    private void pickUp(Room room) throws InterruptedException {
        if (!outgoing.ordered() && resumed == null) {
            playout.awaitWanted(RING_LIMIT);
        }
        if (callRoom.isGone()) {
            return;
        }
        try {
            var out = room.publishAudio(prelude::next);
            playout.onUrgent(out::hurry);
            services.meters().pickedUp(Duration.ofNanos(System.nanoTime() - offeredNs));
        } catch (LiveKitException e) {
            callRoom.awaitLeft(GIVING_UP);
            if (callRoom.isGone()) {
                log.info("the phone was put down while it was picked up: {}", e.getMessage());
            } else {
                end(EndReason.MEDIA_LOST);
                throw e;
            }
        }
    }

    /**
     * Who is turned away here has never been answered, or dialled: the phone rings until it is known who calls and what for,
     * and does not where we call.
     */
    private EndReason withCaller(Room room, CallScope scope, CallMetadata told) throws InterruptedException {
        Plan chosen = resumed == null ? planning.plan(id, told) : planning.resumed(resumed, told);
        plan = chosen;
        MDC.put(Logging.ORGANIZATION, chosen.organizationId());
        Flow flow = chosen.flow();
        services.meters().callStarted(flow.id());
        Identified.tell(chosen, told, room, services);
        row.begin(chosen, told.attributes(), room);
        if (!chosen.answers()) {
            return requireNonNull(chosen.refusal(), "there is one").reason();
        }
        scope.fork("warming up", () -> services.warmUp(flow));
        scope.fork("picking up", () -> pickUp(room));
        LiveCall going = begin(chosen);
        scope.fork("telephoning", () -> outgoing.dial(chosen.organizationId(), id));
        Optional<EndReason> unreached = outgoing.unreached();
        if (unreached.isPresent()) {
            return unreached.get();
        }
        CallMetadata known = outgoing.known(told);
        if (outgoing.ordered()) {
            row.begin(chosen, known.attributes(), room);
        }
        try (var acts = new CallActs(id, chosen, job, services, room, callRoom, hangUp)) {
            scope.fork("the longest time", () -> endAfterTheLongestTime(flow, acts));
            steered.by(acts);
            var conversation = new Conversation(id, chosen, resumed, services, playout, acts);
            prelude.end(conversation);
            EndReason reason = converse(conversation, going, chosen, known);
            if (OUR_FAULT.contains(reason) && !callRoom.isGone()) {
                conversation.apologize();
            }
            letTalk(acts);
            callRoom.awaitLeft(HangUp.LAST_AUDIO);
            return reason;
        }
    }

    /** Who was joined with somebody else talks for as long as they like; {@link #end} ends it. */
    private void letTalk(CallActs acts) {
        try {
            outside.interrupts(Thread.currentThread());
            acts.awaitParted();
        } catch (InterruptedException e) {
            log.info("the caller's talk with somebody else is ended");
        } finally {
            outside.interruptsNobody();
        }
    }

    private LiveCall begin(Plan chosen) {
        Flow flow = chosen.flow();
        var facts = new LiveCall.Facts(id, chosen.organizationId(), flow.id(), flow.version(), true, row.startedAt());
        LiveCall going = services.live().begin(facts, steered);
        if (resumed != null && resumed.state() != null) {
            resumed.state().turns().forEach(going::said);
        }
        live = going;
        if (row.isAnswered()) {
            going.answered();
        }
        return going;
    }

    /**
     * The flow ends itself in time; this is for a call that hangs where the flow does not look at the clock. A talk with
     * somebody else is not the flow's any more.
     */
    private void endAfterTheLongestTime(Flow flow, CallActs acts) throws InterruptedException {
        Thread.sleep(Duration.ofSeconds(flow.configuration().maxCallSeconds()).plus(OVERTIME));
        if (acts.joined() == null) {
            end(EndReason.MAX_DURATION);
        }
    }

    private EndReason converse(Conversation conversation, LiveCall going, Plan chosen, CallMetadata told) {
        if (!chosen.flowUsable()) {
            return EndReason.FLOW_ERROR;
        }
        FlowContext context = Given.context(id, order, chosen, told);
        try {
            EndReason reason = conversation.run(context, going.words());
            return switch (reason) {
                case CALLER_HANGUP -> outside.or(reason);
                case AGENT_HANGUP ->
                    chosen.refusal() == null ? reason : chosen.refusal().reason();
                default -> reason;
            };
        } catch (InterruptedException e) {
            return outside.or(EndReason.WORKER_DRAINING);
        } finally {
            outside.interruptsNobody(); // neither an apology nor the hang-up is cut short
        }
    }

    private void hear(Room room) throws InterruptedException {
        try {
            CallersAudio.bring(room, callRoom, frame -> {
                if (!outgoing.hears(frame)) {
                    prelude.hear(frame);
                }
            });
        } catch (RuntimeException e) {
            end(EndReason.MEDIA_LOST);
            throw e;
        }
    }

    private final class Telephone implements CallRoom.Telephone {
        @Override
        public void answered() {
            row.answered();
            LiveCall going = live;
            if (going != null) {
                going.answered();
            }
            playout.answered();
            prelude.tell(Conversation::answered);
        }

        @Override
        public void keyed(char digit) {
            prelude.tell(conversation -> conversation.keyed(digit));
        }

        @Override
        public void gone(EndReason reason) {
            boolean ringing = !row.isAnswered() && RINGS_OUT.contains(reason);
            EndReason why = ringing ? EndReason.NEVER_ANSWERED : reason;
            outside.isOver(steered.isHandingOver() && why == EndReason.CALLER_HANGUP ? EndReason.TRANSFERRED : why);
            prelude.tell(Conversation::hungUp);
        }

        @Override
        public void takenOver() {
            services.held().takenOver(id);
        }
    }
}
