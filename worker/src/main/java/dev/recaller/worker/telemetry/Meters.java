package dev.recaller.worker.telemetry;

import static dev.recaller.worker.telemetry.Instruments.label;
import static dev.recaller.worker.telemetry.Instruments.millis;

import dev.recaller.flow.EndReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Everything Recaller counts and measures, for Prometheus. Names and labels are what dashboards and alerts are built
 * on: they change only with them. No label ever holds a number, a name or a room. Safe for use by many threads.
 */
public final class Meters {

    /** Label {@code answer} of {@code recaller_job_offers_total}. */
    public enum Offer {
        ACCEPTED,
        FULL,
        DRAINING,
        LATE
    }

    /** Label {@code stage} of {@code recaller_turn_seconds}. */
    public enum Stage {
        END_OF_TURN,
        TRANSCRIPTION,
        RECALL,
        MODEL_FIRST_TOKEN,
        SPEECH_FIRST_BYTE,
        PLAYOUT,
        OVERHEAD,
        /** Last caller frame to first agent frame, at the audio edge. */
        TOTAL
    }

    /** Label {@code outcome} of {@code recaller_calls_rescued_total}: calls whose worker was lost, or was not there. */
    public enum Rescue {
        /** Another worker goes on with it. */
        RESUMED,
        /** Its caller was gone. */
        ENDED,
        /** It rang when no worker was there. */
        MISSED,
        /** It was taken from a worker that lives. */
        LOST
    }

    /** Label {@code kind} of {@code recaller_interruptions_total}. */
    public enum Interruption {
        BARGE_IN,
        FALSE,
        ACKNOWLEDGEMENT
    }

    /** Label {@code kind} of {@code recaller_caller_identity_total}. */
    public enum Identity {
        VALID,
        PLAUSIBLE,
        ANONYMOUS,
        INVALID,
        ATTESTED,
        VERIFIED
    }

    /** Label {@code phase} of {@code recaller_memory_recall_seconds}. */
    public enum Recall {
        PREFETCH,
        SEARCH
    }

    /** Label {@code outcome} of the memory's metrics: the port the flow took. */
    public enum MemoryOutcome {
        FOUND,
        EMPTY,
        TIMEOUT,
        STORED,
        SKIPPED,
        ERROR
    }

    private static final List<MemoryOutcome> RECALLS =
            List.of(MemoryOutcome.FOUND, MemoryOutcome.EMPTY, MemoryOutcome.TIMEOUT, MemoryOutcome.ERROR);
    private static final Duration[] SHORT = millis(1, 2, 5, 10, 20, 50, 100, 150, 250, 500, 1000, 3000);
    static final Duration[] CONVERSATION = millis(
            10, 25, 50, 100, 200, 300, 400, 500, 650, 800, 1000, 1250, 1500, 2000, 2500, 3000, 5000, 10000, 30000);

    private final Instruments instruments = new Instruments();
    private final Map<String, AtomicLong> activeCalls = new ConcurrentHashMap<>();
    private final Timer jobAnswer;
    private final Timer pickup;
    private final Timer firstAudio;
    private final Counter underruns;
    private final Counter callRowsLost;
    private final Counter callStatesLost;

    /** Metrics whose labels are known from the start are there from the first scrape on, as zeros. */
    public Meters() {
        jobAnswer = instruments.timer("recaller.job.answer", "Job offer to answer", SHORT, Tags.empty());
        pickup = instruments.timer("recaller.pickup", "Job offer to published track", CONVERSATION, Tags.empty());
        firstAudio = instruments.timer(
                "recaller.first.audio", "Phone answered to first non-silent frame out", CONVERSATION, Tags.empty());
        underruns = instruments.counter(
                "recaller.audio.underruns", "Times speech ran dry in the middle of a sentence", Tags.empty());
        callRowsLost = instruments.counter(
                "recaller.call.rows.lost", "Writes of call records the database did not take", Tags.empty());
        callStatesLost = instruments.counter(
                "recaller.call.states.lost",
                "Times the database did not take where a call stands; the next one makes up for it",
                Tags.empty());
        for (Offer answer : Offer.values()) {
            offers(answer);
        }
        for (Rescue what : Rescue.values()) {
            rescues(what);
        }
        for (Interruption kind : Interruption.values()) {
            interruptions(kind);
        }
        for (Identity kind : Identity.values()) {
            identities(kind);
        }
        for (Stage stage : Stage.values()) {
            turns(stage);
        }
        for (MemoryOutcome outcome : List.of(MemoryOutcome.STORED, MemoryOutcome.ERROR)) {
            stores(outcome);
        }
        for (Recall phase : Recall.values()) {
            for (MemoryOutcome outcome : RECALLS) {
                recalls(phase, outcome);
            }
        }
    }

    /** With a flow's first call all ways a call can end are there as zeros: an alert must not miss the first that broke. */
    public void callStarted(String flowId) {
        activeCalls
                .computeIfAbsent(flowId, id -> {
                    for (EndReason reason : EndReason.values()) {
                        ended(id, reason);
                    }
                    AtomicLong active = new AtomicLong();
                    instruments.gauge(
                            "recaller.calls.active", "Calls going on", Tags.of("flow", id), active::doubleValue);
                    return active;
                })
                .incrementAndGet();
    }

    /** Once for each {@link #callStarted}. */
    public void callEnded(String flowId, EndReason reason) {
        AtomicLong active = activeCalls.get(flowId);
        if (active == null) {
            throw new IllegalStateException("no call of this flow was started");
        }
        active.decrementAndGet();
        ended(flowId, reason).increment();
    }

    /** A call that ended before it was known which flow it would run. */
    public void callEndedUnplanned(EndReason reason) {
        ended("none", reason).increment();
    }

    public void jobOffered(Offer answer, Duration untilAnswer) {
        offers(answer).increment();
        jobAnswer.record(untilAnswer);
    }

    /** Offer to published track. */
    public void pickedUp(Duration sinceOffer) {
        pickup.record(sinceOffer);
    }

    /** The first non-silent frame went out. */
    public void firstAudio(Duration sinceAnswered) {
        firstAudio.record(sinceAnswered);
    }

    /**
     * A turn was answered.
     *
     * @param took negative for a stage that was over before it was due, which counts as no time
     */
    public void turn(Stage stage, Duration took) {
        turns(stage).record(took.isNegative() ? Duration.ZERO : took);
    }

    public void rescued(Rescue what) {
        rescues(what).increment();
    }

    public void interrupted(Interruption kind) {
        interruptions(kind).increment();
    }

    public void identified(Identity kind) {
        identities(kind).increment();
    }

    public void recalled(Recall phase, MemoryOutcome outcome, Duration took) {
        recalls(phase, outcome).record(took);
    }

    public void stored(MemoryOutcome outcome, Duration took) {
        stores(outcome).record(took);
    }

    public void underruns(long times) {
        underruns.increment((double) times);
    }

    public void callRowLost() {
        callRowsLost.increment();
    }

    public void callStateLost() {
        callStatesLost.increment();
    }

    /** Frames that left after their time, counted elsewhere since the start. */
    public void lateFrames(LongSupplier total) {
        instruments.counter("recaller.audio.late.frames", "Audio frames sent after their time", total);
    }

    public void nativeHandles(LongSupplier open) {
        instruments.gauge(
                "recaller.native.handles", "Native handles we own", Tags.empty(), () -> (double) open.getAsLong());
    }

    public void roomConnections(LongSupplier open) {
        instruments.gauge(
                "recaller.room.connections", "Rooms we are in", Tags.empty(), () -> (double) open.getAsLong());
    }

    public void registrationUp(BooleanSupplier registered) {
        instruments.gauge(
                "recaller.registration.up",
                "1 while LiveKit may offer jobs",
                Tags.empty(),
                () -> registered.getAsBoolean() ? 1 : 0);
    }

    /** The load told to LiveKit, 0 to 1. */
    public void workerLoad(DoubleSupplier load) {
        instruments.gauge("recaller.worker.load", "Load told to LiveKit, 0 to 1", Tags.empty(), load);
    }

    public void draining(BooleanSupplier draining) {
        instruments.gauge(
                "recaller.draining",
                "1 while calls end and none is taken",
                Tags.empty(),
                () -> draining.getAsBoolean() ? 1 : 0);
    }

    /** For those of a part that are measured nowhere else. */
    Instruments instruments() {
        return instruments;
    }

    /** In Prometheus's text format, version 0.0.4. */
    public String scrape() {
        return instruments.scrape();
    }

    private Counter ended(String flow, EndReason reason) {
        return instruments.counter(
                "recaller.calls", "Calls that ended", Tags.of("flow", flow, "end_reason", reason.label()));
    }

    private Counter rescues(Rescue what) {
        return instruments.counter(
                "recaller.calls.rescued",
                "Calls whose worker was lost, or that no worker was there for",
                Tags.of("outcome", label(what)));
    }

    private Counter offers(Offer answer) {
        return instruments.counter("recaller.job.offers", "Jobs LiveKit offered", Tags.of("answer", label(answer)));
    }

    private Counter interruptions(Interruption kind) {
        return instruments.counter(
                "recaller.interruptions", "Times a caller spoke while we did", Tags.of("kind", label(kind)));
    }

    private Counter identities(Identity kind) {
        return instruments.counter(
                "recaller.caller.identity", "What callers presented as their number", Tags.of("kind", label(kind)));
    }

    private Timer recalls(Recall phase, MemoryOutcome outcome) {
        return instruments.timer(
                "recaller.memory.recall",
                "Recalling a caller",
                SHORT,
                Tags.of("phase", label(phase), "outcome", label(outcome)));
    }

    private Timer stores(MemoryOutcome outcome) {
        return instruments.timer("recaller.memory.store", "Storing turns", SHORT, Tags.of("outcome", label(outcome)));
    }

    private Timer turns(Stage stage) {
        return instruments.timer(
                "recaller.turn",
                "Caller's last word to our first, and its parts",
                CONVERSATION,
                Tags.of("stage", label(stage)));
    }
}
