package dev.recaller.worker.speech;

import java.util.Arrays;

/** Samples, growing at the end. Not thread safe. */
public final class PcmBuffer {

    private short[] samples = new short[SpeechToText.RATE * 2];
    private int length;

    public void add(short[] more) {
        add(more, more.length);
    }

    /** The first {@code count} of these. */
    void add(short[] more, int count) {
        if (length + count > samples.length) {
            samples = Arrays.copyOf(samples, Math.max(2 * samples.length, length + count));
        }
        System.arraycopy(more, 0, samples, length, count);
        length += count;
    }

    public int length() {
        return length;
    }

    public short[] toArray() {
        return Arrays.copyOf(samples, length);
    }

    /** Keeps the first samples only. */
    void keepFirst(int count) {
        length = Math.min(count, length);
    }

    /** A copy of those from {@code from} up to, without, {@code to}. */
    public short[] range(int from, int to) {
        return Arrays.copyOfRange(samples, from, Math.min(to, length));
    }

    /** Keeps the last samples only. */
    public void keepLast(int count) {
        int kept = Math.min(count, length);
        System.arraycopy(samples, length - kept, samples, 0, kept);
        length = kept;
    }
}
