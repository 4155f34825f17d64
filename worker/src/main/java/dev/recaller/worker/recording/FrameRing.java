package dev.recaller.worker.recording;

/**
 * Frames of audio between one thread that must not wait and one that may. All memory is taken at once; neither side locks.
 */
final class FrameRing {

    interface Sink {
        /**
         * Takes a frame.
         *
         * @param samples reused after the call
         * @param count of them; negative: so many samples of silence
         * @param at when the first of them belongs, in nanoseconds
         */
        void frame(short[] samples, int count, long at);
    }

    private final short[][] frames;
    private final int[] counts;
    private final long[] times;
    private volatile long written;
    private volatile long read;

    /**
     * Room for frames.
     *
     * @param capacity of frames
     * @param longest samples in a frame
     */
    FrameRing(int capacity, int longest) {
        frames = new short[capacity][longest];
        counts = new int[capacity];
        times = new long[capacity];
    }

    /**
     * Puts a frame in, by one thread; copies it and never waits.
     *
     * @param sound false: the frame is silent, whatever is in it
     * @return false: there is no room, as nobody reads
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    boolean offer(short[] frame, boolean sound, long at) {
        if (written - read == frames.length) {
            return false;
        }
        int slot = (int) (written % frames.length);
        if (sound) {
            System.arraycopy(frame, 0, frames[slot], 0, frame.length);
        }
        counts[slot] = sound ? frame.length : -frame.length;
        times[slot] = at;
        written++;
        return true;
    }

    /** Takes out all that is there, by one thread. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one reader
    void drain(Sink sink) {
        while (read < written) {
            int slot = (int) (read % frames.length);
            sink.frame(frames[slot], counts[slot], times[slot]);
            read++;
        }
    }
}
