package dev.recaller.livekit.room;

/** Where the audio of an {@link AudioOut} comes from. */
@FunctionalInterface
public interface FrameSource {
    /**
     * Fills the next 10 ms: {@link AudioOut#FRAME_SAMPLES} samples at {@link AudioOut#SAMPLE_RATE} Hz, mono, with zeros
     * in it before the call. Asked once for each frame that is sent, just before it is sent, so the frames given are
     * the frames played, and not giving one interrupts at once.
     *
     * <p>Called on the one thread that plays the audio of all rooms: it must not block, and must not take long.
     *
     * @return false for silence
     */
    boolean next(short[] frame);
}
