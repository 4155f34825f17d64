package dev.recaller.worker.speech;

import dev.recaller.flow.definition.FlowConfiguration;
import java.time.Duration;
import java.util.Locale;

/**
 * How turns are taken on the phone; a flow's {@code configuration.turns}.
 *
 * @param locale of the talk: what looks finished is told by words of English, elsewhere by marks only
 * @param minimumWait after speech that looks finished
 * @param maximumWait after speech that does not
 * @param interruptible the caller may interrupt
 * @param interruptAfter speech of the caller that stops ours
 * @param resumeAfter silence after such speech until we go on, unless its transcript says sooner what it was
 */
public record TurnSettings(
        Locale locale,
        Duration minimumWait,
        Duration maximumWait,
        boolean interruptible,
        Duration interruptAfter,
        Duration resumeAfter) {

    public static final TurnSettings DEFAULT = new TurnSettings(
            Locale.US,
            Duration.ofMillis(300),
            Duration.ofMillis(2500),
            true,
            Duration.ofMillis(300),
            Duration.ofMillis(2000));

    public static TurnSettings of(FlowConfiguration.Turns turns, Locale locale) {
        return new TurnSettings(
                locale,
                Duration.ofMillis(turns.endpointing().minMs()),
                Duration.ofMillis(turns.endpointing().maxMs()),
                turns.interruption().enabled(),
                Duration.ofMillis(turns.interruption().minSpeechMs()),
                Duration.ofMillis(turns.interruption().resumeAfterMs()));
    }

    public TurnSettings {
        if (minimumWait.isNegative() || maximumWait.compareTo(minimumWait) < 0) {
            throw new IllegalArgumentException("waits: %s to %s".formatted(minimumWait, maximumWait));
        }
    }

    EndOfTurn endOfTurn() {
        return new EndOfTurn(minimumWait, maximumWait, english());
    }

    boolean english() {
        return locale.getLanguage().equals(Locale.ENGLISH.getLanguage());
    }
}
