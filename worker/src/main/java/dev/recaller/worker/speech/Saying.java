package dev.recaller.worker.speech;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speech on its way to becoming an {@link Utterance}: a thread of its own writes it, of sentences a few seconds ahead of what
 * is played.
 */
final class Saying implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Saying.class);

    private static final long AHEAD = 4 * TextToSpeech.RATE;
    /** Playing tells nobody how far it is: it must not wait for a lock. Looking again so soon keeps {@link #AHEAD} well filled. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    private static final Pattern ENDING = Pattern.compile("[.!?…؟।。！？][\\p{Pe}\\p{Pf}\"'*_`]*\\s*$");

    private final SpeechSource source;
    private final Utterance utterance = new Utterance();
    private final Joints joints;
    private final SpokenText text = new SpokenText();
    private final Thread thread;

    private volatile long firstByteAt;
    private volatile @Nullable RuntimeException failure;

    /** @param level of the line's voice, used by one saying at a time */
    Saying(
            Iterator<String> sentences,
            TextToSpeech textToSpeech,
            Level level,
            LongSupplier nanoTime,
            ThreadFactory threads) {
        this(new SpeechAhead(sentences, textToSpeech, nanoTime, threads), level, threads);
    }

    /** @param source not started yet */
    Saying(SpeechSource source, Level level, ThreadFactory threads) {
        this.source = source;
        this.joints = new Joints(utterance, level);
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
        return source.firstSentenceAt();
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
            if (!thread.join(Duration.ofSeconds(3))) {
                log.warn("what is being said does not react to an interrupt");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        source.start();
        try (source) {
            for (var next = source.next(); next != null; next = source.next()) {
                write(next);
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

    private void write(SpeechSource.Piece piece) throws InterruptedException {
        joints.begin();
        boolean begun = false;
        for (var pcm = piece.sound(); pcm != null; pcm = piece.sound()) {
            if (firstByteAt == 0) {
                firstByteAt = piece.firstByteAt();
            }
            joints.add(pcm, pcm.length);
            if (!begun && joints.startedAt() >= 0) {
                begun = true;
                text.begin(piece::spoken, joints.startedAt());
            }
        }
        joints.end(endsSentence(piece.spoken().original()));
        if (!begun) {
            text.begin(piece::spoken, joints.startedAt());
        }
        text.end(utterance.written());
    }

    /** A clause of a sentence that goes on ends in a word or a comma. */
    private static boolean endsSentence(String text) {
        return ENDING.matcher(text).find();
    }
}
