package dev.recaller.worker.speech;

import dev.recaller.flow.line.LineException;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One text being spoken by the speech service, by a thread of its own; what has come is kept until it is asked for. */
final class Synthesis implements SpeechSource.Piece, AutoCloseable {

    private static final long LONGEST = 120 * TextToSpeech.RATE;
    private static final short[] END = {};

    private final Spoken spoken;
    private final TextToSpeech textToSpeech;
    private final LongSupplier nanoTime;
    private final Thread thread;
    /** Its sound, and behind that {@link #END}. */
    private final BlockingQueue<short[]> parts = new LinkedBlockingQueue<>();

    private volatile @Nullable ProviderException failure;
    private volatile long firstByteAt;
    private long samples;

    /** Begins at once. */
    Synthesis(Spoken spoken, TextToSpeech textToSpeech, LongSupplier nanoTime, ThreadFactory threads) {
        this.spoken = spoken;
        this.textToSpeech = textToSpeech;
        this.nanoTime = nanoTime;
        this.thread = threads.newThread(this::run);
        thread.start();
    }

    @Override
    public Spoken spoken() {
        return spoken;
    }

    @Override
    public long firstByteAt() {
        return firstByteAt;
    }

    /** @throws LineException when the service failed */
    @Override
    public short @Nullable [] sound() throws InterruptedException {
        short[] pcm = parts.take();
        if (pcm.length > 0) {
            return pcm;
        }
        var broken = failure;
        if (broken != null) {
            throw LineException.speech(broken);
        }
        return null;
    }

    /** Ends the request. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            speak();
        } catch (ProviderException e) {
            failure = e;
        } catch (InterruptedException e) {
            // closed: nobody waits for the rest
        } catch (RuntimeException e) {
            failure = ProviderException.refused("speech failed: " + e, e);
        } finally {
            parts.add(END);
        }
    }

    private void speak() throws InterruptedException {
        var buffer = new short[TextToSpeech.RATE / 5];
        try (var speech = textToSpeech.speak(spoken.text())) {
            for (int count = speech.read(buffer); count >= 0; count = speech.read(buffer)) {
                if (samples == 0) {
                    firstByteAt = nanoTime.getAsLong();
                }
                samples += count;
                parts.add(Arrays.copyOf(buffer, count));
                if (samples > LONGEST) {
                    throw ProviderException.refused("speech for one sentence does not end", null);
                }
            }
        }
        if (samples == 0) {
            throw ProviderException.failed("speech came back empty", null);
        }
    }
}
