package dev.recaller.flow.line;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/**
 * What a flow talks through: a phone call, a terminal, a test. Methods block; they are called by the flow's thread only.
 * A broken provider behind the line is a {@link LineException}.
 */
public interface Line {

    /**
     * Says the sentences in order, asking for the next while the previous one plays. Returns when all was played, the
     * caller interrupted, or the line ended. Before the phone is answered it prepares and waits.
     *
     * @param sentences may block (a model that is still writing) and may turn out to be none; pulled by one thread
     */
    Said say(Iterator<String> sentences) throws InterruptedException;

    default Said say(String text) throws InterruptedException {
        return say(List.of(text).iterator());
    }

    /** The caller's next turn, or {@link Heard.Silence} when none began within {@code patience}. */
    Heard listen(Duration patience) throws InterruptedException;

    /** Ends the call from the agent's side. What {@link #say} returned was played before. Does nothing the second time. */
    void hangUp();
}
