package dev.recaller.memory.extract;

import static java.util.Objects.requireNonNull;

/**
 * One turn as an extractor reads it. Only what the caller said is evidence; the agent's words are context.
 *
 * @param turn index of the turn in its call
 */
public record Utterance(int turn, boolean byCaller, String text) {
    public Utterance {
        requireNonNull(text, "text is null");
    }
}
