package dev.recaller.worker.recording;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * One side's audio laid out along the clock, so that both sides stay together for as long as a call lasts. Frames join
 * without a seam while they come within {@value #TOLERANCE_MILLIS} ms of their time; how much one side's own clock is off
 * never adds up to more. Where audio is missing there is silence. Frames that come late and at once, as after a pause of the
 * process, are no gap: what comes late waits {@value #DOUBT_MILLIS} ms to see which of the two it is. Not thread safe.
 */
final class Track {

    static final int TOLERANCE_MILLIS = 60;
    private static final int DOUBT_MILLIS = 200;
    /** Nothing that comes later is waited for: what is silent for so long was not said. */
    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final int rate;
    private final long start;
    private short[] samples;
    private int from;
    private int to;
    /** Place of {@code samples[to]}, in samples since the start. */
    private long end;

    private short[] doubted = {};
    private int doubtedCount;
    private long doubtedSince;
    private long leastLate;

    /**
     * An empty track.
     *
     * @param rate samples a second
     * @param start the time of the first sample, in nanoseconds
     */
    Track(int rate, long start) {
        this.rate = rate;
        this.start = start;
        this.samples = new short[rate];
    }

    /** As {@link FrameRing.Sink#frame}. */
    void add(short[] frame, int count, long at) {
        int length = Math.abs(count);
        long place = place(at);
        if (place + length <= 0) {
            return;
        }
        long late = place - (end + doubtedCount);
        if (late < -tolerance()) {
            return; // ahead of its time: its clock is faster than ours
        }
        if (doubtedCount == 0 && late <= tolerance()) {
            append(frame, count);
            return;
        }
        doubt(frame, count, at, late);
        if (leastLate <= tolerance()) {
            settle(0);
        } else if (at - doubtedSince >= TimeUnit.MILLISECONDS.toNanos(DOUBT_MILLIS)) {
            settle(leastLate);
        }
    }

    /** It is {@code now}: what did not come by now is silence. */
    void passed(long now) {
        if (doubtedCount > 0 && now - doubtedSince > SETTLED_NANOS) {
            settle(Math.max(0, leastLate));
        }
        if (doubtedCount == 0) {
            silence(place(now - SETTLED_NANOS) - end);
        }
    }

    /** No more comes; the track is to be so long at least. */
    void finish(long atLeast) {
        settle(doubtedCount == 0 ? 0 : Math.max(0, leastLate));
        silence(atLeast - end);
    }

    /** Samples since the start that are laid out. */
    long end() {
        return end;
    }

    /** Whether so many samples wait to be taken. */
    boolean has(int count) {
        return to - from >= count;
    }

    /** Fills the array with the next samples; there have to be so many. */
    void take(short[] into) {
        System.arraycopy(samples, from, into, 0, into.length);
        from += into.length;
    }

    private void doubt(short[] frame, int count, long at, long late) {
        if (doubtedCount == 0) {
            doubtedSince = at;
            leastLate = late;
        }
        leastLate = Math.min(leastLate, late);
        int length = Math.abs(count);
        if (doubtedCount + length > doubted.length) {
            doubted = Arrays.copyOf(doubted, Math.max(rate, 2 * (doubtedCount + length)));
        }
        if (count > 0) {
            System.arraycopy(frame, 0, doubted, doubtedCount, length);
        } else {
            Arrays.fill(doubted, doubtedCount, doubtedCount + length, (short) 0);
        }
        doubtedCount += length;
    }

    private void settle(long silenceBefore) {
        silence(silenceBefore);
        append(doubted, doubtedCount);
        doubtedCount = 0;
    }

    private void silence(long count) {
        for (long left = count; left > 0; left -= rate) {
            append(samples, (int) -Math.min(left, rate));
        }
    }

    private void append(short[] frame, int count) {
        int length = Math.abs(count);
        if (to + length > samples.length) {
            int kept = to - from;
            short[] roomier = kept + length > samples.length ? new short[2 * (kept + length)] : samples;
            System.arraycopy(samples, from, roomier, 0, kept);
            samples = roomier;
            from = 0;
            to = kept;
        }
        if (count > 0) {
            System.arraycopy(frame, 0, samples, to, length);
        } else {
            Arrays.fill(samples, to, to + length, (short) 0);
        }
        to += length;
        end += length;
    }

    private long place(long at) {
        return Math.floorDiv((at - start) / 1_000 * rate, 1_000_000L);
    }

    private long tolerance() {
        return (long) rate * TOLERANCE_MILLIS / 1_000;
    }
}
