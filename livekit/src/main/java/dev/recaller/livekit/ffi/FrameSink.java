package dev.recaller.livekit.ffi;

/** Where the frames of one audio source go. It takes one frame at a time. */
public interface FrameSink extends AutoCloseable {
    /** Whether the last frame was taken. */
    boolean idle();

    /** Sends a frame, copied; only when {@link #idle}. False: the source is gone, and so is every frame to come. */
    boolean send(short[] frame);

    /** Frames that were not taken. */
    long errors();

    @Override
    void close();
}
