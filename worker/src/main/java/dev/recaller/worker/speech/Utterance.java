package dev.recaller.worker.speech;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Audio on its way out, 24 kHz mono. One thread writes, the pacer reads and neither waits for the other: chunks travel
 * through a queue without locks, counts through volatile fields that only one side writes.
 */
final class Utterance {

    /** Samples in 10 ms, what the pacer asks for. Everything written is padded to whole frames by {@link #endSentence}. */
    static final int FRAME = TextToSpeech.RATE / 100;

    private static final int FADE = FRAME / 2;
    /** What a packet on the wire holds. */
    private static final int PACKET = 2 * FRAME;

    private static final int AUDIBLE = 200;

    private final Queue<short[]> chunks = new ConcurrentLinkedQueue<>();
    /** How much silence was left out up to which sample. */
    private final NavigableMap<Long, Long> leftOut = new ConcurrentSkipListMap<>();

    private volatile long written;
    private volatile boolean inSentence;
    private volatile boolean finished;
    private volatile Runnable onBeginning = () -> {};

    private short @Nullable [] chunk;
    private int chunkAt;
    private boolean starving;
    private final LastPlayed last = new LastPlayed();
    /** Samples that were played, each once. */
    private volatile long taken;
    /** So many of the last of them are played again before the next. */
    private volatile int again;

    private volatile long underruns;
    private volatile long firstFrameAt;
    private volatile long firstSoundAt;

    /** All of this and nothing more. */
    static Utterance of(short[] pcm) {
        var utterance = new Utterance();
        utterance.write(pcm.clone());
        utterance.finish();
        return utterance;
    }

    /** Takes the array over. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void write(short[] pcm) {
        if (pcm.length > 0) {
            chunks.add(pcm);
            inSentence = true;
            written += pcm.length;
            if (begins()) {
                onBeginning.run();
            }
        }
    }

    /** Told by who writes that there is enough to begin with. */
    void onBeginning(Runnable told) {
        onBeginning = told;
    }

    /** Nothing was played yet, and there is a packet to play. */
    boolean begins() {
        return taken == 0 && written >= PACKET;
    }

    /** What would come now is silence too long to be played. */
    void leaveOut(int samples) {
        if (samples > 0) {
            leftOut.merge(written, (long) samples, Long::sum);
        }
    }

    void endSentence() {
        inSentence = false;
        int over = (int) (written % FRAME);
        if (over > 0) {
            write(new short[FRAME - over]);
            inSentence = false;
        }
    }

    /** Nothing more will be written. */
    void finish() {
        endSentence();
        finished = true;
    }

    long written() {
        return written;
    }

    /** Samples played, those played twice counted once. */
    long played() {
        return taken;
    }

    /** Samples played, and those left out before them. */
    long passed() {
        long played = played();
        return played
                + leftOut.headMap(played, over()).values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
    }

    /** Samples waiting to be played. */
    long remaining() {
        return written - taken + again;
    }

    boolean finished() {
        return finished;
    }

    boolean over() {
        return finished && remaining() == 0;
    }

    long underruns() {
        return underruns;
    }

    /** Time of the first frame played, 0 before. */
    long firstFrameAt() {
        return firstFrameAt;
    }

    /** Time of the first frame with sound in it, 0 before. */
    long firstSoundAt() {
        return firstSoundAt;
    }

    /** Pacer only: plays the next frame, or answers false when there is none now. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    boolean next(short[] frame, boolean fadeIn, long now) {
        if (remaining() < FRAME) {
            if (inSentence && taken > 0 && !starving) {
                starving = true;
                underruns++;
            }
            return false;
        }
        starving = false;
        if (again > 0) {
            last.copy(again, frame);
            again -= FRAME;
        } else {
            copy(frame);
            last.add(frame);
            taken += FRAME;
        }
        if (fadeIn) {
            for (int i = 0; i < FADE; i++) {
                frame[i] = (short) (frame[i] * i / FADE);
            }
        }
        if (firstFrameAt == 0) {
            firstFrameAt = now;
        }
        if (firstSoundAt == 0 && audible(frame)) {
            firstSoundAt = now;
        }
        return true;
    }

    /** Pacer only: goes back to the beginning of the word it is in. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void backToWord() {
        again += last.sinceWordBegan(again);
    }

    /** Pacer only: where the sound would go on, fading to silence within the frame. They count as not played. */
    boolean fade(short[] frame) {
        Arrays.fill(frame, (short) 0);
        int length = FADE;
        if (again > 0) {
            last.copy(again, frame);
            Arrays.fill(frame, FADE, FRAME, (short) 0);
        } else {
            boolean within = chunk != null && chunkAt < chunk.length;
            short[] current = within ? chunk : chunks.peek();
            if (current == null) {
                return false;
            }
            int from = within ? chunkAt : 0;
            length = Math.min(FADE, current.length - from);
            System.arraycopy(current, from, frame, 0, length);
        }
        for (int i = 0; i < length; i++) {
            frame[i] = (short) (frame[i] * (length - i) / length);
        }
        return true;
    }

    private void copy(short[] frame) {
        int at = 0;
        while (at < FRAME) {
            short[] current = chunk;
            if (current == null || chunkAt == current.length) {
                current = chunks.poll();
                chunk = current;
                chunkAt = 0;
                if (current == null) {
                    throw new IllegalStateException("fewer samples than were counted");
                }
            }
            int part = Math.min(FRAME - at, current.length - chunkAt);
            System.arraycopy(current, chunkAt, frame, at, part);
            chunkAt += part;
            at += part;
        }
    }

    private static boolean audible(short[] frame) {
        for (short sample : frame) {
            if (sample > AUDIBLE || sample < -AUDIBLE) {
                return true;
            }
        }
        return false;
    }
}
