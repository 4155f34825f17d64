package dev.recaller.worker.speech;

import dev.recaller.worker.speech.SpeechListener.Interruption;
import dev.recaller.worker.telemetry.Logging;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** A phone line whose time is the test's: caller's audio goes in and ours comes out, 20 ms a step, as fast as it will. */
final class TestCall implements AutoCloseable {

    static final String ID = "019ab-7";
    static final VoiceActivity VOICE_ACTIVITY = VoiceActivity.load();

    final Playout playout;
    final AtomicInteger hangUps = new AtomicInteger();
    final List<Interruption> interruptions = Collections.synchronizedList(new ArrayList<>());
    final List<TurnTimings> timings = Collections.synchronizedList(new ArrayList<>());
    final List<Duration> firstAudio = Collections.synchronizedList(new ArrayList<>());
    final PcmBuffer played = new PcmBuffer();
    final PhoneLine line;
    private final LongSupplier nanoTime;
    private final short[] frame = new short[Utterance.FRAME];

    TestCall(SpeechToText ear, TextToSpeech voice) {
        this(TurnSettings.DEFAULT, ear, voice);
    }

    TestCall(TurnSettings settings, SpeechToText ear, TextToSpeech voice) {
        this(settings, ear, voice, System::nanoTime);
    }

    /** @param nanoTime when it stands still, no provider is too slow */
    TestCall(TurnSettings settings, SpeechToText ear, TextToSpeech voice, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        playout = new Playout(nanoTime);
        line = new PhoneLine(
                settings,
                VOICE_ACTIVITY,
                ear,
                voice,
                playout,
                new SpeechListener() {
                    @Override
                    public void firstAudio(Duration sinceAnswered) {
                        firstAudio.add(sinceAnswered);
                    }

                    @Override
                    public void answered(TurnTimings turn) {
                        timings.add(turn);
                    }

                    @Override
                    public void interrupted(Interruption kind) {
                        interruptions.add(kind);
                    }
                },
                nanoTime,
                Logging.threadsOf(ID, "default"),
                hangUps::incrementAndGet);
    }

    TestCall answered() {
        playout.answered();
        return this;
    }

    /** The caller's side sends this while ours plays. */
    void exchange(short[] callers) throws InterruptedException {
        for (int at = 0; at < callers.length; at += 320) {
            line.hear(Arrays.copyOfRange(callers, at, Math.min(at + 320, callers.length)), nanoTime.getAsLong());
            for (int i = 0; i < 2; i++) {
                if (!pull()) {
                    played.add(new short[frame.length]);
                }
            }
        }
    }

    /** Plays 10 ms. */
    boolean pull() {
        boolean sound = playout.next(frame);
        if (sound) {
            played.add(frame);
        }
        return sound;
    }

    /** Plays until so many milliseconds of sound went out. */
    void playSound(int millis) throws InterruptedException {
        for (int heard = 0; heard < millis; ) {
            if (pull()) {
                heard += 10;
            } else {
                waitForSound();
            }
        }
    }

    /** Plays until the other thread has its result. */
    <T> T playUntil(Future<T> result) throws Exception {
        while (!result.isDone()) {
            if (!pull()) {
                waitForSound();
            }
        }
        return result(result);
    }

    private static void waitForSound() throws InterruptedException {
        LockSupport.parkNanos(200_000);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Sends up to a minute of silence until the other thread has its result. */
    <T> T silenceUntil(Future<T> result) throws Exception {
        for (int sent = 0; sent < 60_000 && !result.isDone(); sent += 20) {
            exchange(RealSpeech.silence(20));
        }
        return result(result);
    }

    /** Runs a call of the flow on a thread of its own. */
    <T> Future<T> flow(Callable<T> call) {
        var task = new FutureTask<>(call);
        Thread.ofVirtual().name("flow").start(task);
        return task;
    }

    static <T> T result(Future<T> future) throws Exception {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        } catch (TimeoutException e) {
            throw new AssertionError("the line did not return within 60 s", e);
        }
    }

    @Override
    public void close() {
        line.close();
    }
}
