package dev.recaller.worker.speech;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Silero's voice detector, one model for all calls of the process. Inference runs on a few platform threads of its own:
 * on virtual threads it would hold the carriers that everything else runs on.
 */
public final class VoiceActivity implements AutoCloseable {

    /** Samples the model looks at in one step, 32 ms. */
    static final int WINDOW = 512;

    private static final int CONTEXT = 64;
    private static final int INPUT = CONTEXT + WINDOW;
    /**
     * The model hears some words that begin softly a third of a second late, by where they fall in its windows and by what it
     * heard before. So it listens four times, each a quarter of a window after the one before: of the four one is in time. All
     * four take 0.3 ms of a core, two 0.2.
     */
    private static final int LISTENERS = 4;

    private static final int SHIFT = WINDOW / LISTENERS;
    private static final int LATEST = (LISTENERS - 1) * SHIFT;
    private static final int STATE = 2 * LISTENERS * 128;
    private static final String MODEL = "silero_vad_v6.onnx";

    private final OrtSession session;
    private final ExecutorService threads;

    private VoiceActivity(OrtSession session, ExecutorService threads) {
        this.session = session;
        this.threads = threads;
    }

    public static VoiceActivity load() {
        try (var options = new OrtSession.SessionOptions();
                var model = VoiceActivity.class.getResourceAsStream(MODEL)) {
            if (model == null) {
                throw new IllegalStateException(MODEL + " is not on the class path");
            }
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            OrtSession session = OrtEnvironment.getEnvironment().createSession(model.readAllBytes(), options);
            int threads = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
            return new VoiceActivity(
                    session,
                    Executors.newFixedThreadPool(
                            threads,
                            Thread.ofPlatform()
                                    .daemon()
                                    .name("voice-activity-", 0)
                                    .factory()));
        } catch (OrtException e) {
            throw new IllegalStateException("the voice detector does not load", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A call's own detector. */
    Stream stream() {
        try {
            return new Stream();
        } catch (OrtException e) {
            throw new IllegalStateException("the voice detector has no memory for another call", e);
        }
    }

    /** All streams are to be closed before. */
    @Override
    public void close() {
        threads.close();
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One call's state in the model. Not thread safe. */
    final class Stream implements AutoCloseable {
        private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        private final FloatBuffer samples = floats(LISTENERS * INPUT);
        private final float[] scaled = new float[LATEST + INPUT];
        private final FloatBuffer voice = floats(LISTENERS);
        private final OnnxTensor input = OnnxTensor.createTensor(environment, samples, new long[] {LISTENERS, INPUT});
        private final OnnxTensor rate = OnnxTensor.createTensor(environment, (long) SpeechToText.RATE);
        private final OnnxTensor output = OnnxTensor.createTensor(environment, voice, new long[] {LISTENERS, 1});
        private final OnnxTensor even = state();
        private final OnnxTensor odd = state();
        private final Map<String, OnnxTensor> fromEven = Map.of("input", input, "sr", rate, "state", even);
        private final Map<String, OnnxTensor> fromOdd = Map.of("input", input, "sr", rate, "state", odd);
        private final Map<String, OnnxValue> toEven = Map.of("output", output, "stateN", even);
        private final Map<String, OnnxValue> toOdd = Map.of("output", output, "stateN", odd);
        private boolean inOdd;
        private boolean closed;

        private Stream() throws OrtException {}

        private OnnxTensor state() throws OrtException {
            return OnnxTensor.createTensor(environment, floats(STATE), new long[] {2, LISTENERS, 128});
        }

        /**
         * How likely there is a voice in the window. Blocks for less than a millisecond.
         *
         * @param window {@value #WINDOW} samples, 16 kHz mono
         */
        float probability(short[] window) throws InterruptedException {
            try {
                return threads.submit(() -> infer(window)).get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("the voice detector failed", e.getCause());
            }
        }

        private synchronized float infer(short[] window) throws OrtException {
            if (closed) {
                return 0;
            }
            System.arraycopy(scaled, WINDOW, scaled, 0, LATEST + CONTEXT);
            for (int i = 0; i < WINDOW; i++) {
                scaled[LATEST + CONTEXT + i] = window[i] / 32768f;
            }
            for (int listener = 0; listener < LISTENERS; listener++) {
                samples.put(listener * INPUT, scaled, LATEST - listener * SHIFT, INPUT);
            }
            try (var _ = session.run(inOdd ? fromOdd : fromEven, inOdd ? toEven : toOdd)) {
                inOdd = !inOdd;
                float most = 0;
                for (int listener = 0; listener < LISTENERS; listener++) {
                    most = Math.max(most, voice.get(listener));
                }
                return most;
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            for (var tensor : new OnnxTensor[] {input, rate, output, even, odd}) {
                tensor.close();
            }
        }
    }

    private static FloatBuffer floats(int count) {
        return ByteBuffer.allocateDirect(Float.BYTES * count)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
