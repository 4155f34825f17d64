package dev.recaller.worker.call;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.FlowState;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.line.LineException;
import dev.recaller.livekit.room.AudioIn;
import dev.recaller.worker.speech.OwnPhrase;
import dev.recaller.worker.speech.PhoneLine;
import dev.recaller.worker.speech.Playout;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.TurnSettings;
import dev.recaller.worker.speech.VoiceModel;
import dev.recaller.worker.telemetry.Logging;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said in a call, from when it is planned: the line, its recording and the flow. Once the caller is joined with
 * somebody else it is theirs: neither listened to nor recorded.
 */
final class Conversation implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Conversation.class);

    private final Flow flow;
    private final CallServices services;
    private final Playout playout;
    private final CallActs acts;
    /** Absent: the flow begins. */
    private final @Nullable FlowState state;

    private final CallRecording recording;
    private final PhoneLine line;

    /**
     * @param resumed where another worker was lost in it; absent: it begins
     * @param playout what the caller hears
     * @param acts of the telephone
     */
    Conversation(
            UUID callId, Plan plan, @Nullable Resumed resumed, CallServices services, Playout playout, CallActs acts) {
        state = resumed == null ? null : resumed.state();
        this.flow = plan.flow();
        this.services = services;
        this.playout = playout;
        this.acts = acts;
        FlowConfiguration settings = flow.configuration();
        recording = new CallRecording(callId, plan, state == null, services);
        SpeechToText transcription = services.providers().transcription(settings);
        Optional<VoiceModel> voiceModel = services.providers().voiceModel(settings);
        line = new PhoneLine(
                TurnSettings.of(settings.turns(), settings.locale()),
                services.voiceActivity(),
                voiceModel.map(model -> model.hearing(transcription)).orElse(transcription),
                services.providers().speech(settings),
                playout,
                new LineMeters(services.meters(), recording.recording(), state == null),
                System::nanoTime,
                Logging.threadsOf(callId.toString(), plan.organizationId()),
                acts);
        line.files(services.audio(), settings.holdMusic());
        voiceModel.ifPresent(
                model -> line.speaker(String.valueOf(settings.models().realtime()), model));
    }

    /**
     * The caller's audio, in order, by one thread.
     *
     * @param takenNs when it was received or, if it waited for the conversation, when it comes here: the line takes old audio
     *     for a connection that stands still
     */
    void hear(AudioIn.Frame frame, long takenNs) throws InterruptedException {
        SecondLeg other = acts.joined();
        if (other != null) {
            other.hearCaller(frame.samples());
            return;
        }
        recording.recording().caller(frame.samples(), frame.receivedNs());
        line.hear(frame.samples(), takenNs);
    }

    /** The next 10 ms for the caller, as {@link Playout#next}. */
    boolean next(short[] frame) {
        SecondLeg other = acts.joined();
        return other == null ? recording.next(playout, frame) : other.forCaller(frame);
    }

    void answered() {
        recording.answered();
    }

    void keyed(char digit) {
        SecondLeg other = acts.joined();
        if (other == null) {
            line.keyed(digit);
        } else {
            other.keyed(digit);
        }
    }

    void hungUp() {
        line.hungUp();
    }

    /**
     * Runs the flow to its end.
     *
     * @param words of operators
     */
    EndReason run(FlowContext context, OperatorsWords words) throws InterruptedException {
        var operated = new OperatedLine(line, words, false);
        FlowResult result;
        if (state == null) {
            recording.prepare(line);
            result = services.flows().run(flow, context, operated);
        } else {
            excuse();
            result = services.flows().resume(flow, state, context.userId().orElse(null), context.metadata(), operated);
        }
        if (result.failure() != null) {
            broke(log, result.failure());
        }
        return result.reason();
    }

    /** Of what a provider did not do the message is enough; of what else broke, where it did. */
    static void broke(Logger log, Throwable failure) {
        if (failure instanceof LineException) {
            log.error("the flow broke: {}", failure.getMessage());
        } else {
            log.error("the flow broke: {}", failure.getMessage(), failure);
        }
    }

    /** Whoever has heard nothing for seconds, or was not heard, is told why. */
    private void excuse() throws InterruptedException {
        var voice = services.providers().speech(flow.configuration());
        Optional<short[]> excuse = services.phrases().prepared(OwnPhrase.EXCUSE.in(voice.locale()), voice);
        if (excuse.isPresent()) {
            line.play(excuse.get());
        }
    }

    /** Says that something went wrong, for which nothing needs to work any more. */
    void apologize() throws InterruptedException {
        var voice = services.providers().speech(flow.configuration());
        line.play(services.phrases().audio(OwnPhrase.APOLOGY.in(voice.locale()), voice));
    }

    /** The call is over and its row written. */
    void end() {
        recording.recording().end();
    }

    /** Ends every thread and request of the line; the recording goes on to its {@link #end}. */
    @Override
    public void close() {
        line.close();
    }
}
