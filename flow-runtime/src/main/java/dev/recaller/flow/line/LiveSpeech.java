package dev.recaller.flow.line;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Speech that comes with its own sound, as a model that speaks itself makes it. Read by one thread of the line. */
public interface LiveSpeech {

    /** Samples a second of its sound, which is mono. */
    int RATE = 24_000;

    /**
     * The next of its sound; blocks until there is some. Never throws what its source broke with: the sound ends there.
     *
     * @return null at the end
     */
    short @Nullable [] sound();

    /** The words as far as they are known: they may be ahead of their sound, or behind. Any thread. */
    String words();

    /**
     * The line plays no more of it. Called once, by the flow's thread, whatever became of it.
     *
     * @param sound how much of {@link #sound} was played
     * @param words those that were heard with it
     */
    void played(Duration sound, String words);
}
