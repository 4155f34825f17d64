package dev.recaller.worker.call;

import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.worker.recording.About;
import dev.recaller.worker.recording.Recording;
import dev.recaller.worker.speech.PhoneLine;
import dev.recaller.worker.speech.Playout;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a call is recorded: not at all unless its flow asks for it; from when the consent phrase was heard whole, or from the
 * answer on when there is none.
 */
final class CallRecording {
    private static final Logger log = LoggerFactory.getLogger(CallRecording.class);

    private final CallServices services;
    private final FlowConfiguration flow;
    private final FlowConfiguration.Recording asked;
    private final Recording recording;

    /** @param begins false: another worker began the call, and has what was recorded */
    CallRecording(UUID callId, Plan plan, boolean begins, CallServices services) {
        this.services = services;
        flow = plan.flow().configuration();
        asked = flow.recording();
        if (asked.enabled() && !begins) {
            log.warn("the rest of the call is not recorded: the recording is with the worker that was lost");
        }
        recording = asked.enabled() && begins
                ? services.recordings()
                        .of(new About(
                                callId,
                                plan.organizationId(),
                                plan.flow().id(),
                                plan.flow().version(),
                                asked.consent()))
                : Recording.NONE;
    }

    Recording recording() {
        return recording;
    }

    /** What is played next, kept as it goes. */
    boolean next(Playout playout, short[] frame) {
        boolean sound = playout.next(frame);
        recording.agent(frame, sound, System.nanoTime());
        return sound;
    }

    void answered() {
        if (asked.enabled() && asked.consent() == null) {
            recording.start(System.nanoTime());
        }
    }

    /** Before the flow runs. Blocks while the phrase is spoken for the first time; a caller who cannot be told is not recorded. */
    void prepare(PhoneLine line) throws InterruptedException {
        String consent = asked.consent();
        if (!asked.enabled() || consent == null) {
            return;
        }
        var voice = services.providers().speech(flow);
        services.phrases().prepare(consent, voice);
        var phrase = services.phrases().prepared(consent, voice);
        if (phrase.isPresent()) {
            line.open(phrase.get(), () -> recording.start(System.nanoTime()));
        } else {
            log.error("the call is not recorded: the caller cannot be told that it is");
            services.recordings().notBegun();
        }
    }
}
