package dev.recaller.worker.speech;

import static java.util.Objects.requireNonNull;

import dev.recaller.flow.line.LineException;
import dev.recaller.worker.speech.SpeechToText.Transcript;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening half of a line: audio to turns of the caller. All but {@link #hear} and {@link #close} is called with
 * the owner's lock held, and so is the owner.
 */
final class Ear implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Ear.class);

    /** How much audio before speech was noticed belongs to it: 300 ms, and the two windows in which it was noticed. */
    private static final int PREFIX = 300 / SpeechDetector.STEP + 3;

    /** Speech is noticed in its second window. */
    private static final long NOTICED_NANOS = TimeUnit.MILLISECONDS.toNanos(2 * SpeechDetector.STEP);

    interface Owner {
        /** Runs this with the lock held, then wakes who waits for a change. */
        void change(Runnable change);

        /** Another 32 ms were heard, or a part of them of somebody who speaks. */
        void listened();

        void took(Turn turn);

        /** The caller has probably said this and nothing more. {@link #doubted} or {@link #took} follows. */
        void expecting(String text);

        /** The caller goes on after all. */
        void doubted();

        /** What seemed a turn was none. */
        void nothing();

        /** A turn was lost, and there is no use in listening on. */
        void lost(LineException why);
    }

    /** A turn of the caller; times as in {@link TurnTimings}. */
    record Turn(
            String text,
            List<Word> words,
            long speechBegan,
            long speechEnded,
            Duration waited,
            long asked,
            long transcribed,
            Duration transcription,
            long decided) {}

    private record Timed(long asked, long answered, List<Word> words, Duration processing) {}

    private final VoiceActivity.Stream voiceActivity;
    private final SpeechToText speechToText;
    private final LongSupplier nanoTime;
    private final Owner owner;
    private final TurnTaker turns;
    private final ExecutorService threads;
    private final short[] window = new short[VoiceActivity.WINDOW];
    private int windowFilled;
    /** As of the last window; of the thread that brings audio. */
    private boolean speaking;

    private int speakingMillis;

    private final Deque<short[]> recent = new ArrayDeque<>();
    private SpeechToText.@Nullable Turn turn;

    private long lastAudioAt;
    private long lastVoiceAt;
    private long beganAt;
    private long audioFrom;
    private @Nullable Future<?> transcribing;
    private Timed timed = new Timed(0, 0, List.of(), Duration.ZERO);

    Ear(
            EndOfTurn endOfTurn,
            VoiceActivity.Stream voiceActivity,
            SpeechToText speechToText,
            LongSupplier nanoTime,
            ThreadFactory threads,
            Owner owner) {
        this.voiceActivity = voiceActivity;
        this.speechToText = speechToText;
        this.nanoTime = nanoTime;
        this.threads = Executors.newThreadPerTaskExecutor(threads);
        this.owner = owner;
        this.turns = new TurnTaker(endOfTurn);
        this.lastAudioAt = nanoTime.getAsLong();
    }

    /** Without the lock. */
    void hear(short[] frame, long receivedAt) throws InterruptedException {
        int at = 0;
        while (at < frame.length) {
            int part = Math.min(frame.length - at, window.length - windowFilled);
            System.arraycopy(frame, at, window, windowFilled, part);
            at += part;
            windowFilled += part;
            if (windowFilled == window.length) {
                windowFilled = 0;
                float probability = voiceActivity.probability(window);
                owner.change(() -> listen(window.clone(), probability, receivedAt));
            }
        }
        if (speaking) {
            owner.change(() -> {
                speakingMillis = windowFilled * 1000 / SpeechToText.RATE;
                owner.listened();
            });
        }
    }

    /** From now on turns end so. */
    void use(EndOfTurn endOfTurn) {
        turns.use(endOfTurn);
    }

    /** What the caller was asked last. */
    void asked(Asked asked) {
        turns.asked(asked);
    }

    /** No more is to be heard of this turn. */
    void endTurn() {
        act(turns.close());
    }

    boolean inTurn() {
        return turns.inTurn();
    }

    /** How long the caller spoke in this turn; who was speaking in the last window is taken to go on in what came since. */
    int spokenMillis() {
        return turns.voiced() ? turns.spokenMillis() + speakingMillis : turns.spokenMillis();
    }

    /** Time since the last speech of this turn. */
    long silentMillis() {
        return turns.silentMillis();
    }

    /** Audio taken, in milliseconds. */
    long heardMillis() {
        return turns.now() * 1000 / SpeechToText.RATE;
    }

    /** When the last audio came. */
    long lastAudioAt() {
        return lastAudioAt;
    }

    /** Without the lock. Ends every request and returns when its thread has ended. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
        voiceActivity.close();
        speechToText.close();
    }

    private void listen(short[] pcm, float probability, long receivedAt) {
        lastAudioAt = receivedAt;
        if (turn != null) {
            turn.add(pcm);
        } else {
            recent.addLast(pcm);
            if (recent.size() > PREFIX) {
                recent.removeFirst();
            }
        }
        List<TurnTaker.Action> actions = turns.window(pcm, probability);
        speakingMillis = 0;
        speaking = turns.voiced();
        if (speaking) {
            lastVoiceAt = lastAudioAt;
        }
        act(actions);
        owner.listened();
    }

    private void act(List<TurnTaker.Action> actions) {
        for (var action : actions) {
            switch (action) {
                case TurnTaker.Action.Begin _ -> begin();
                case TurnTaker.Action.Transcribe(int attempt) -> ask(attempt);
                case TurnTaker.Action.Drop _ -> drop();
                case TurnTaker.Action.Expect(String text) -> owner.expecting(text);
                case TurnTaker.Action.Doubted _ -> owner.doubted();
                case TurnTaker.Action.Nothing _ -> {
                    end();
                    owner.nothing();
                }
                case TurnTaker.Action.Took(var text, var waited) -> {
                    end();
                    owner.took(new Turn(
                            text,
                            timed.words.stream()
                                    .map(word -> word.after(audioFrom))
                                    .toList(),
                            beganAt,
                            lastVoiceAt,
                            waited,
                            timed.asked,
                            timed.answered,
                            timed.processing,
                            nanoTime.getAsLong()));
                }
            }
        }
    }

    private void begin() {
        SpeechToText.Turn begun = speechToText.begin();
        beganAt = lastAudioAt - NOTICED_NANOS;
        audioFrom = lastAudioAt - TimeUnit.MILLISECONDS.toNanos((long) recent.size() * SpeechDetector.STEP);
        recent.forEach(begun::add);
        recent.clear();
        turn = begun;
    }

    private void end() {
        if (turn != null) {
            turn.close();
            turn = null;
        }
    }

    private void ask(int attempt) {
        SpeechToText.Turn asked = requireNonNull(turn, "a turn that did not begin is to be transcribed");
        transcribing = threads.submit(() -> transcribe(attempt, asked));
    }

    private void drop() {
        if (transcribing != null) {
            transcribing.cancel(true);
        }
    }

    private void transcribe(int attempt, SpeechToText.Turn turn) {
        try {
            long asked = nanoTime.getAsLong();
            Transcript transcript = turn.transcribe();
            transcribed(
                    attempt,
                    transcript.text(),
                    new Timed(asked, nanoTime.getAsLong(), transcript.words(), transcript.processing()));
        } catch (InterruptedException e) {
            log.debug("a transcription was dropped");
        } catch (RuntimeException e) {
            lost(attempt, LineException.transcription(e));
        }
    }

    private void transcribed(int attempt, String text, Timed times) {
        owner.change(() -> {
            if (turns.awaits(attempt)) {
                timed = times;
                act(turns.transcribed(attempt, text));
            }
        });
    }

    private void lost(int attempt, LineException why) {
        owner.change(() -> {
            if (turns.awaits(attempt)) {
                turns.failed(attempt);
                end();
                owner.lost(why);
            }
        });
    }
}
