package dev.recaller.worker;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import dev.recaller.flow.engine.FlowRunner;
import dev.recaller.flow.node.FlowMemory;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.worker.speech.PhoneLine;
import dev.recaller.worker.speech.Phrases;
import dev.recaller.worker.speech.Playout;
import dev.recaller.worker.speech.SpeechListener;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.TextToSpeech;
import dev.recaller.worker.speech.TurnSettings;
import dev.recaller.worker.speech.VoiceActivity;
import dev.recaller.worker.telemetry.Meters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call with ourselves, a caller who asks the same question again and again and a {@link LoopbackProvider} that answers
 * at once: what a turn runs through is loaded and compiled before the first real caller waits for it. Nothing of it is stored, logged
 * or counted. Real callers have precedence: it is over as soon as there is one.
 */
final class Rehearsal {
    private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);

    /** 16 kHz mono, 16 bits, little endian: {@link LoopbackProvider#SAID} in a synthetic voice. */
    private static final String QUESTION = "question.pcm";

    /** Of the caller's audio. */
    private static final int FRAME_MILLIS = 20;

    private static final int FRAME = SpeechToText.RATE * FRAME_MILLIS / 1_000;
    /** Of ours. */
    private static final int PLAYED_MILLIS = 10;

    private static final int PLAYED = TextToSpeech.RATE * PLAYED_MILLIS / 1_000;
    /** A tenth of what they last: at more than ten times the speed of a call even answers that come at once come late. */
    private static final long FRAME_NANOS = TimeUnit.MILLISECONDS.toNanos(FRAME_MILLIS) / 10;

    private static final short[] SILENCE = new short[FRAME];
    /** Frames, when it has begun to come. */
    private static final int LISTENING = 40;
    /** Frames, the waiting for it included: of the first one in a cold process. */
    private static final int LONGEST_ANSWER = 2_000;

    private static final String FLOW = """
            { "schemaVersion": 1, "id": "rehearsal", "version": 1, "name": "Rehearsal", "start": "talk",
              "configuration": { "locale": "en-US", "models": { "chat": "rehearsal", "transcription": "rehearsal" } },
              "nodes": [ { "id": "talk", "type": "agent", "prompt": "Answer briefly.", "limits": { "maxTurns": 200 } },
                { "id": "bye", "type": "hangup" } ],
              "edges": [ { "from": "talk", "to": "bye" } ] }""";

    private final VoiceActivity voiceActivity;
    private final UnifiedMemoryService memory;
    private final Phrases phrases;

    Rehearsal(VoiceActivity voiceActivity, UnifiedMemoryService memory, Phrases phrases) {
        this.voiceActivity = voiceActivity;
        this.memory = memory;
        this.phrases = phrases;
    }

    /**
     * Has so many turns, or fewer when the worker gets busy. Blocks for about a quarter of a second a turn.
     *
     * @return how many were answered
     */
    int run(int turns, BooleanSupplier busy) throws InterruptedException {
        long began = System.nanoTime();
        try (var loopback = LoopbackProvider.open();
                var providers = new Providers(
                        List.of(new Provider("rehearsal", loopback.url(), "none")), new Meters(), phrases)) {
            int had = converse(loopback, providers, turns, busy);
            log.info(
                    "rehearsed {} turns in {} ms",
                    had,
                    Duration.ofNanos(System.nanoTime() - began).toMillis());
            return had;
        } catch (IOException e) {
            log.warn("the first calls will be answered a little later: nothing could be rehearsed: {}", e.getMessage());
            return 0;
        }
    }

    private int converse(LoopbackProvider loopback, Providers providers, int turns, BooleanSupplier busy)
            throws InterruptedException {
        Flow flow = flow();
        var settings = flow.configuration();
        var playout = new Playout(System::nanoTime);
        try (var line = new PhoneLine(
                TurnSettings.of(settings.turns(), settings.locale()),
                voiceActivity,
                providers.transcription(settings),
                providers.speech(settings),
                playout,
                SpeechListener.NONE,
                System::nanoTime,
                Thread.ofVirtual().factory(),
                () -> {})) {
            playout.answered();
            var runner = new FlowRunner(FlowMemory.of(memory), providers.chat(), FlowListener.NONE, FlowStore.NONE);
            var context = new FlowContext(UUID.randomUUID(), "rehearsal", null, Map.of(), Assurance.ANONYMOUS);
            var flowing = Thread.startVirtualThread(() -> run(runner, flow, context, line));
            try {
                var caller = new Caller(line, playout, busy);
                short[] question = question();
                int had = 0;
                while (had < turns && caller.asks(question, loopback::spoken)) {
                    had++;
                }
                return had;
            } finally {
                line.hungUp();
                flowing.interrupt();
                flowing.join();
            }
        }
    }

    private static void run(FlowRunner runner, Flow flow, FlowContext context, PhoneLine line) {
        try {
            var _ = runner.run(flow, context, line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Caller {
        private final PhoneLine line;
        private final Playout playout;
        private final BooleanSupplier busy;
        private final short[] played = new short[PLAYED];

        Caller(PhoneLine line, Playout playout, BooleanSupplier busy) {
            this.line = line;
            this.playout = playout;
            this.busy = busy;
        }

        /** Asks, and listens until there is an answer and for a while longer; false if that was cut short, or there is none. */
        boolean asks(short[] question, IntSupplier answers) throws InterruptedException {
            int before = answers.getAsInt();
            for (int at = 0; at + FRAME <= question.length; at += FRAME) {
                if (!exchange(Arrays.copyOfRange(question, at, at + FRAME))) {
                    return false;
                }
            }
            int left = LONGEST_ANSWER;
            for (int frames = 0; frames < left; frames++) {
                if (!exchange(SILENCE)) {
                    return false;
                }
                if (left == LONGEST_ANSWER && answers.getAsInt() > before) {
                    left = frames + LISTENING;
                }
            }
            return left < LONGEST_ANSWER;
        }

        private boolean exchange(short[] frame) throws InterruptedException {
            line.hear(frame, System.nanoTime());
            for (int i = 0; i < FRAME_MILLIS; i += PLAYED_MILLIS) {
                boolean _ = playout.next(played);
            }
            LockSupport.parkNanos(FRAME_NANOS);
            return !busy.getAsBoolean();
        }
    }

    private static Flow flow() {
        try {
            return Flow.parse(FLOW);
        } catch (InvalidFlowException e) {
            throw new IllegalStateException(e);
        }
    }

    private static short[] question() {
        try (var file = Rehearsal.class.getResourceAsStream(QUESTION)) {
            if (file == null) {
                throw new IllegalStateException(QUESTION + " is not on the class path");
            }
            var samples = ByteBuffer.wrap(file.readAllBytes())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asShortBuffer();
            short[] pcm = new short[samples.remaining()];
            samples.get(pcm);
            return pcm;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
