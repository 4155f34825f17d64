package dev.recaller.worker.speech;

import dev.recaller.flow.line.LineException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sentences on their way to becoming an {@link Utterance}: a thread of its own pulls them and has them spoken, a few
 * seconds ahead of what is played.
 */
final class Saying implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Saying.class);

    private static final long AHEAD = 4 * TextToSpeech.RATE;
    private static final long LONGEST_SENTENCE = 120 * TextToSpeech.RATE;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration BEFORE_REPEATING = Duration.ofMillis(300);

    private final Iterator<String> sentences;
    private final TextToSpeech textToSpeech;
    private final LongSupplier nanoTime;
    private final Utterance utterance = new Utterance();
    private final SpokenText text = new SpokenText();
    private final Thread thread;

    private volatile long firstSentenceAt;
    private volatile long firstByteAt;
    private volatile @Nullable RuntimeException failure;

    Saying(Iterator<String> sentences, TextToSpeech textToSpeech, LongSupplier nanoTime, ThreadFactory threads) {
        this.sentences = sentences;
        this.textToSpeech = textToSpeech;
        this.nanoTime = nanoTime;
        this.thread = threads.newThread(this::run);
    }

    void start() {
        thread.start();
    }

    Utterance utterance() {
        return utterance;
    }

    /** The words played so far. */
    String heard() {
        return text.heard(utterance.played());
    }

    /** All that could be said was played; {@link #failure} says whether it was all there was to say. */
    boolean over() {
        return utterance.over();
    }

    @Nullable
    RuntimeException failure() {
        return failure;
    }

    /** 0 before. */
    long firstSentenceAt() {
        return firstSentenceAt;
    }

    /** 0 before. */
    long firstByteAt() {
        return firstByteAt;
    }

    /** Stops asking for sentences and speech, and returns when the thread has ended. */
    @Override
    public void close() {
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        thread.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            if (!thread.join(Duration.ofSeconds(2))) {
                log.warn("a source of sentences does not react to an interrupt");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (sentences.hasNext()) {
                String sentence = sentences.next();
                if (firstSentenceAt == 0) {
                    firstSentenceAt = nanoTime.getAsLong();
                }
                if (!sentence.isBlank()) {
                    speak(sentence.strip());
                }
                while (utterance.remaining() > AHEAD) {
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            // closed: nobody waits for the rest
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            utterance.finish();
        }
    }

    private void speak(String sentence) throws InterruptedException {
        long start = utterance.written();
        try {
            speakOnce(sentence, start);
        } catch (ProviderException e) {
            if (utterance.written() > start || !e.worthRepeating()) {
                throw LineException.speech(e);
            }
            log.warn("speech failed, asking once more: {}", e.getMessage());
            Thread.sleep(BEFORE_REPEATING);
            try {
                speakOnce(sentence, start);
            } catch (ProviderException again) {
                throw LineException.speech(again);
            }
        }
    }

    private void speakOnce(String sentence, long start) throws InterruptedException {
        var buffer = new short[TextToSpeech.RATE / 5];
        try (var speech = textToSpeech.speak(sentence)) {
            for (int count = speech.read(buffer); count >= 0; count = speech.read(buffer)) {
                if (firstByteAt == 0) {
                    firstByteAt = nanoTime.getAsLong();
                }
                if (utterance.written() == start) {
                    text.begin(sentence, start);
                }
                utterance.write(Arrays.copyOf(buffer, count));
                if (utterance.written() - start > LONGEST_SENTENCE) {
                    throw ProviderException.refused("speech for one sentence does not end", null);
                }
            }
        }
        if (utterance.written() == start) {
            throw ProviderException.failed("speech came back empty", null);
        }
        utterance.endSentence();
        text.end(utterance.written());
    }
}
