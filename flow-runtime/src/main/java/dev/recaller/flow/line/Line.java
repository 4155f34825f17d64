package dev.recaller.flow.line;

import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.model.ChatModel;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

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

    /**
     * A model that hears the caller on this line and speaks itself: its answers come as {@link ChatModel.Event.Sound}.
     *
     * @param model as the flow names it
     * @return empty when there is none, or none that works now
     */
    default Optional<ChatModel> speaker(String model) {
        return Optional.empty();
    }

    /** As {@link #say(Iterator)}, with the sound the speech brings along. For lines that have a {@link #speaker}. */
    default Said say(LiveSpeech speech) throws InterruptedException {
        throw new UnsupportedOperationException("this line has no speaker");
    }

    /** The caller's next turn, or {@link Heard.Silence} when none began within {@code patience}. */
    Heard listen(Duration patience) throws InterruptedException;

    /** Told what the caller is about to have said, while {@link Line#listen} waits; by the thread that listens. */
    interface Foresight {

        /** Makes no use of it. */
        Foresight NONE = new Foresight() {
            @Override
            public void probably(String text) {}

            @Override
            public void doubted() {}
        };

        /** The caller has probably said this and nothing more: work that can be undone may begin. */
        void probably(String text) throws InterruptedException;

        /** The caller goes on. */
        void doubted();
    }

    /** As {@link #listen(Duration)}, for who makes use of the time in which it is not certain yet that a turn has ended. */
    default Heard listen(Duration patience, Foresight foresight) throws InterruptedException {
        return listen(patience);
    }

    /** Takes turns so from now on; lines that have no turns to take do nothing. */
    default void takeTurns(FlowConfiguration.Turns turns) {}

    /**
     * Plays a file of audio to its end, or until the caller interrupts.
     *
     * @param audio its path below the folder of audio
     * @return empty when this line cannot: it has no such file, or nothing is heard on it
     */
    default Optional<Said> play(String audio) throws InterruptedException {
        return Optional.empty();
    }

    /** As {@link #listen}, for keys only: what the caller says meanwhile is passed over. */
    default Heard keys(Duration patience) throws InterruptedException {
        long begun = System.nanoTime();
        while (true) {
            Duration left = patience.minusNanos(System.nanoTime() - begun);
            if (!left.isPositive()) {
                return new Heard.Silence(patience);
            }
            Heard heard = listen(left);
            if (!(heard instanceof Heard.Speech)) {
                return heard;
            }
        }
    }

    /**
     * Presses keys for the other side.
     *
     * @param digits of 0 to 9, *, #, A to D, and w for half a second's pause
     * @return whether they were sent
     */
    default boolean sendDigits(String digits) throws InterruptedException {
        return false;
    }

    /**
     * Hands the caller to somebody else, and waits for how that ends.
     *
     * @param to a telephone number or a SIP URI
     * @param ring how long the other side may ring
     */
    default Transferred transfer(String to, Duration ring) throws InterruptedException {
        return new Transferred.Failed("this line cannot transfer");
    }

    /**
     * Telephones somebody else beside the caller, who hears nothing of it, and waits until they picked up and can be talked
     * to, or did not.
     *
     * @param to a telephone number
     * @param ring how long it may ring
     */
    default Consulted consult(String to, Duration ring) throws InterruptedException {
        return new Consulted.NotReached(new Transferred.Failed("this line cannot telephone anybody else"));
    }

    /**
     * Plays music from now on to a caller who has to wait, or no more: then it is silent when this returns. Lines that are
     * not heard do nothing.
     */
    default void music(boolean plays) throws InterruptedException {}

    /** Whether the caller hung up, as far as is known without listening. */
    default boolean gone() {
        return false;
    }

    /** Ends the call from the agent's side. What {@link #say} returned was played before. Does nothing the second time. */
    void hangUp();
}
