package dev.recaller.worker.speech;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls sentences and has each spoken while the one before is still spoken or played: one ahead, so that an interruption
 * throws little away.
 */
final class SpeechAhead implements SpeechSource {

    private static final Logger log = LoggerFactory.getLogger(SpeechAhead.class);
    private static final Duration REACTS_WITHIN = Duration.ofSeconds(2);

    private final Iterator<String> sentences;
    private final TextToSpeech textToSpeech;
    private final Speakable speakable;
    private final LongSupplier nanoTime;
    private final ThreadFactory threads;
    private final SynchronousQueue<Handed> handed = new SynchronousQueue<>();
    private final Thread thread;
    private volatile long firstSentenceAt;
    private volatile @Nullable Synthesis ahead;
    private @Nullable Synthesis current;

    /** @param synthesis null at the end */
    private record Handed(
            @Nullable Synthesis synthesis, @Nullable RuntimeException failure) {}

    SpeechAhead(Iterator<String> sentences, TextToSpeech textToSpeech, LongSupplier nanoTime, ThreadFactory threads) {
        this.sentences = sentences;
        this.textToSpeech = textToSpeech;
        this.speakable = new Speakable(textToSpeech.locale());
        this.nanoTime = nanoTime;
        this.threads = threads;
        this.thread = threads.newThread(this::run);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public long firstSentenceAt() {
        return firstSentenceAt;
    }

    @Override
    public @Nullable Synthesis next() throws InterruptedException {
        Handed next = handed.take();
        if (next.failure != null) {
            throw next.failure;
        }
        current = next.synthesis;
        return current;
    }

    /** Ends every request, and returns when nobody asks the source for sentences any more. */
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            if (!thread.join(REACTS_WITHIN)) {
                log.warn("a source of sentences does not react to an interrupt");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        end(current);
        end(ahead);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(@Nullable Synthesis synthesis) {
        if (synthesis != null) {
            synthesis.close();
        }
    }

    private void run() {
        try {
            handed.put(new Handed(null, pull()));
        } catch (InterruptedException e) {
            // closed: nobody waits for the rest
        }
    }

    private @Nullable RuntimeException pull() throws InterruptedException {
        try {
            while (sentences.hasNext()) {
                String sentence = sentences.next();
                if (firstSentenceAt == 0) {
                    firstSentenceAt = nanoTime.getAsLong();
                }
                Spoken spoken = speakable.of(sentence);
                if (spoken.isAnything()) {
                    var synthesis = new Synthesis(spoken, textToSpeech, nanoTime, threads);
                    ahead = synthesis;
                    handed.put(new Handed(synthesis, null));
                }
            }
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }
}
