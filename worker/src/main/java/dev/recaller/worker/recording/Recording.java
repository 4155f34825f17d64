package dev.recaller.worker.recording;

import dev.recaller.worker.speech.Word;
import java.util.List;

/**
 * A call as it is recorded, from the side of the call: nothing here waits, fails or takes longer than a copy of what is given,
 * whatever the disk does. Times are of {@link System#nanoTime}.
 */
public interface Recording {

    /** Of a flow that did not ask for one. */
    Recording NONE = new Recording() {};

    /** Records from {@code at} on; before that nothing is kept. Once. */
    default void start(long at) {}

    /**
     * What the caller is heard to say, in order, by one thread.
     *
     * @param frame 16 kHz mono, 20 ms at most; not kept
     * @param receivedAt when it came in
     */
    default void caller(short[] frame, long receivedAt) {}

    /**
     * What the caller is sent, in order, by one thread, which may be the pacer.
     *
     * @param frame 24 kHz mono, 10 ms; not kept
     * @param sound false: 10 ms of silence
     */
    default void agent(short[] frame, boolean sound, long at) {}

    /**
     * A turn of the caller, for the transcript. Any thread.
     *
     * @param words when each was said; none where that is not known
     */
    default void callerSaid(String text, long from, long to, List<Word> words) {}

    /**
     * What the caller heard of us, for the transcript. Any thread.
     *
     * @param cutShort there was more to say
     */
    default void agentSaid(String text, long from, long to, boolean cutShort) {}

    /** The call is over and its row written: what was recorded is kept from now on. Any thread. */
    default void end() {}
}
