package dev.recaller.worker.call;

import static java.util.Objects.requireNonNull;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.agent.Job;
import dev.recaller.livekit.room.Participant;
import dev.recaller.livekit.room.Room;
import dev.recaller.memory.Assurance;
import dev.recaller.worker.caller.Caller;
import dev.recaller.worker.caller.CallerId;
import dev.recaller.worker.speech.PhoneLine;
import dev.recaller.worker.speech.Phrases;
import dev.recaller.worker.speech.Playout;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.TurnSettings;
import dev.recaller.worker.speech.VoiceModel;
import dev.recaller.worker.telemetry.Logging;
import dev.recaller.worker.telemetry.Meters;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
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
    private final Job job;
    private final Plan plan;
    private final Flow flow;
    private final CallServices services;
    private final ThreadFactory threads;

    private final Playout playout = new Playout(System::nanoTime);
    private final PhoneLine line;
    private final CallRoom callRoom = new CallRoom(new Telephone());
    private final HangUp hangUp;
    private final CallRecording recording;
    /** Why somebody else than the flow ended the call; the first one counts. */
    private final AtomicReference<@Nullable EndReason> outside = new AtomicReference<>();

    private final CallRow row;
    private @Nullable Thread running;

    /**
     * What a call is to do.
     *
     * @param flow to run, and whose voice speaks
     * @param flowUsable false: the flow that was asked for cannot be run, so the caller hears an apology in this one's
     *     voice
     * @param memoryAllowed false: nothing is recalled or stored, as nobody knows whose memory it would be
     * @param offeredNs when the job was offered, by {@link System#nanoTime}
     */
    public record Plan(Flow flow, boolean flowUsable, String organizationId, boolean memoryAllowed, long offeredNs) {
        public Plan {
            requireNonNull(flow, "flow is null");
            requireNonNull(organizationId, "organizationId is null");
        }
    }

    public Call(Job job, Plan plan, CallServices services) {
        this.job = requireNonNull(job, "job is null");
        this.plan = requireNonNull(plan, "plan is null");
        this.services = requireNonNull(services, "services is null");
        flow = plan.flow();
        id = services.ids().next();
        row = new CallRow(id, plan, services);
        threads = Logging.threadsOf(id.toString(), plan.organizationId());
        hangUp = new HangUp(job, callRoom, services.server());
        FlowConfiguration settings = flow.configuration();
        recording = new CallRecording(id, plan, services);
        SpeechToText transcription = services.providers().transcription(settings);
        Optional<VoiceModel> voiceModel = services.providers().voiceModel(settings);
        line = new PhoneLine(
                TurnSettings.of(settings.turns(), settings.locale()),
                services.voiceActivity(),
                voiceModel.map(model -> model.hearing(transcription)).orElse(transcription),
                services.providers().speech(settings),
                playout,
                new LineMeters(services.meters(), recording.recording()),
                System::nanoTime,
                threads,
                hangUp::begin);
        voiceModel.ifPresent(
                model -> line.speaker(String.valueOf(settings.models().realtime()), model));
    }

    /**
     * Ends the call from outside; the caller hears an apology when it is our fault. A call whose caller is gone is let
     * finish what it still stores. Any thread.
     */
    public synchronized void end(EndReason reason) {
        if (outside.compareAndSet(null, reason) && running != null) {
            running.interrupt();
        }
    }

    /** Runs the call to its end. What a call can suffer is in the reason, and never thrown. */
    public EndReason run() {
        MDC.put(Logging.CALL, id.toString());
        MDC.put(Logging.ORGANIZATION, plan.organizationId());
        services.meters().callStarted(flow.id());
        EndReason reason = EndReason.FLOW_ERROR;
        try (line;
                var scope = new CallScope(threads)) {
            interruptible(Thread.currentThread());
            reason = inRoom(scope);
        } catch (LiveKitException e) {
            log.error("the call's room cannot be used: {}", e.getMessage());
            reason = EndReason.MEDIA_LOST;
        } catch (InterruptedException e) {
            reason = endedOutside(EndReason.WORKER_DRAINING);
        } catch (RuntimeException e) {
            log.error("the call failed", e);
        } finally {
            ended(reason);
        }
        return reason;
    }

    private void ended(EndReason reason) {
        job.failed(reason.label());
        services.meters().callEnded(flow.id(), reason);
        services.afterCalls().ended(id, () -> {
            row.end(reason);
            recording.recording().end();
        });
        log.info("call ended: {}", reason.label());
        MDC.remove(Logging.CALL);
        MDC.remove(Logging.ORGANIZATION);
    }

    private EndReason inRoom(CallScope scope) throws InterruptedException {
        try (Room room = services.rooms().connect(job.url(), job.token(), callRoom, CONNECT_LIMIT)) {
            hangUp.joined(room);
            var out = room.publishAudio(recording.tap(playout));
            playout.onSound(out::hurry);
            services.meters().pickedUp(Duration.ofNanos(System.nanoTime() - plan.offeredNs()));
            job.running();
            scope.fork("hearing the caller", () -> hear(room));
            scope.fork("warming up", () -> services.warmUp(flow));
            scope.fork("the longest time", this::endAfterTheLongestTime);
            EndReason reason = withCaller(room);
            if (OUR_FAULT.contains(reason)) {
                job.failed(reason.label());
            } else {
                job.succeeded();
            }
            return reason;
        } finally {
            interruptible(null);
            hangUp.finish();
        }
    }

    /** The flow ends itself in time; this is for a call that hangs where the flow does not look at the clock. */
    private void endAfterTheLongestTime() throws InterruptedException {
        Thread.sleep(Duration.ofSeconds(flow.configuration().maxCallSeconds()).plus(OVERTIME));
        end(EndReason.MAX_DURATION);
    }

    private EndReason withCaller(Room room) throws InterruptedException {
        var participant = callRoom.awaitCaller(CALLER_LIMIT);
        if (participant.isEmpty()) {
            return endedOutside(EndReason.NEVER_ANSWERED);
        }
        var caller =
                CallerId.of(participant.get().attributes(), flow.configuration().defaultRegion());
        services.meters().identified(Meters.Identity.valueOf(caller.kind().name()));
        log.info(
                "call from a number of kind {}, hash {}, flow {} version {}, room {}",
                caller.kind().label(),
                caller.phoneNumber() == null ? "none" : services.numbers().of(caller.phoneNumber()),
                flow.id(),
                flow.version(),
                room.sid());
        row.begin(caller, participant.get(), room);
        EndReason reason = converse(caller, participant.get(), room);
        if (OUR_FAULT.contains(reason) && !callRoom.isGone()) {
            var voice = services.providers().speech(flow.configuration());
            line.play(services.phrases().audio(Phrases.apology(voice.locale()), voice));
        }
        callRoom.awaitLeft(HangUp.LAST_AUDIO);
        return reason;
    }

    private EndReason converse(Caller caller, Participant participant, Room room) throws InterruptedException {
        if (!plan.flowUsable()) {
            return EndReason.FLOW_ERROR;
        }
        var metadata = new CallMetadata(job.metadata(), room.metadata(), participant.attributes());
        var context = new FlowContext(
                id,
                plan.organizationId(),
                null,
                metadata.forFlow(flow.configuration().metadata(), caller.phoneNumber()),
                plan.memoryAllowed() ? caller.assurance() : Assurance.ANONYMOUS);
        try {
            recording.prepare(line);
            FlowResult result = services.flows().run(flow, context, line);
            if (result.failure() != null) {
                log.error("the flow broke: {}", result.failure().getMessage(), result.failure());
            }
            return result.reason() == EndReason.CALLER_HANGUP ? endedOutside(result.reason()) : result.reason();
        } catch (InterruptedException e) {
            return endedOutside(EndReason.WORKER_DRAINING);
        } finally {
            interruptible(null);
        }
    }

    /** Up to the end of the flow {@link #end} interrupts; what comes after, an apology and the hang-up, it does not. */
    private synchronized void interruptible(@Nullable Thread thread) {
        running = thread;
        if (thread == null) {
            boolean _ = Thread.interrupted();
        } else if (outside.get() != null) {
            thread.interrupt();
        }
    }

    /** Whoever leaves while the phone still rings has not been answered. */
    private EndReason endedOutside(EndReason otherwise) {
        EndReason reason = outside.get();
        return reason == null ? otherwise : reason;
    }

    private void hear(Room room) throws InterruptedException {
        try {
            CallersAudio.bring(room, callRoom, (samples, receivedNs) -> {
                recording.recording().caller(samples, receivedNs);
                line.hear(samples, receivedNs);
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
            playout.answered();
            recording.answered();
        }

        @Override
        public void keyed(char digit) {
            line.keyed(digit);
        }

        @Override
        public void gone(EndReason reason) {
            boolean ringing = !row.isAnswered() && RINGS_OUT.contains(reason);
            outside.compareAndSet(null, ringing ? EndReason.NEVER_ANSWERED : reason);
            line.hungUp();
        }
    }
}
