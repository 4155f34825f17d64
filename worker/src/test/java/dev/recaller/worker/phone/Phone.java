package dev.recaller.worker.phone;

import java.time.Duration;

/** A telephone that has dialled. One thread uses it; what it waits for in vain for a minute fails the test. */
public interface Phone extends AutoCloseable {
    /** Waits until the call is answered. */
    Phone answered() throws InterruptedException;

    /** Speaks and returns when it is said. */
    void say(short[] pcm24k);

    /** Presses keys (0 to 9, * and #) one after the other. */
    void press(String keys) throws InterruptedException;

    /** Waits until the agent is heard. */
    void agentBegins();

    /** Waits until the agent has spoken (more than was heard when it last finished) and paused. */
    void agentFinishes();

    /** How long it has been silent since the agent's last word. */
    Duration silence();

    /** What was heard through the telephone's band, 16 kHz mono; empty if the call was never answered. */
    short[] heard();

    /** The keys the agent pressed. */
    String keys();

    /** Puts the receiver down, while it rings too. */
    void hangUp() throws InterruptedException;

    /** Whether the other side ended the call within the limit, or did not take it. */
    boolean awaitHungUp(Duration limit) throws InterruptedException;

    /** Hangs up if nobody has. */
    @Override
    void close();
}
