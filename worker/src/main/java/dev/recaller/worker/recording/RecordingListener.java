package dev.recaller.worker.recording;

/** What becomes of recordings, for those who count. Any thread. */
public interface RecordingListener {

    RecordingListener NONE = new RecordingListener() {};

    enum Outcome {
        /** It is where recordings are kept. */
        STORED,
        /** It ended before its call, as the disk was full or too slow; what there is of it is stored too. */
        CUT_SHORT,
        /** Its call has no row, or none any more, as the caller was erased: it was deleted. */
        DISCARDED,
        /** The consent phrase could not be spoken: the call was not recorded. */
        NOT_BEGUN
    }

    default void ended(Outcome outcome) {}

    /** So many were deleted from where they were kept, as their calls are gone. */
    default void deleted(int recordings) {}

    /** So many of this process are still on their way to where they are kept. */
    default void waiting(int recordings) {}
}
