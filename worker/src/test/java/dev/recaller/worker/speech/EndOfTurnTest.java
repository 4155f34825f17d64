package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndOfTurnTest {

    private static final EndOfTurn RULES = new EndOfTurn(Duration.ofMillis(300), Duration.ofMillis(2500));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "My name is John.",
                "my name is john",
                "Yes, I am.",
                "That's what I'm looking for.",
                "Who is it for?",
                "Yes.",
                "",
                "I am 42.",
                "Room 312, please.",
                "At 5.",
                "My number is 415 555 0100 22.",
                "It's five one zero five five five zero one zero zero.",
                "I'd like two.",
                "Stop!",
                "I need to change my appointment."
            })
    void waitsShortlyAfterWhatLooksFinished(String transcript) {
        assertThat(RULES.wait(transcript)).isEqualTo(Duration.ofMillis(300));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "My name is",
                "My name is.",
                "I would like to",
                "I would like to.",
                "It's about my",
                "I was calling because...",
                "Yes, and",
                "Well, um.",
                "I want an appointment for",
                "My number is 415.",
                "It is 415 555.",
                "four one five five",
                "The code is two seven",
                "Let me see.",
                "Hold on",
                "Dr.",
                "Tomorrow,",
                "I\u2019m"
            })
    void waitsLongAfterWhatDoesNot(String transcript) {
        assertThat(RULES.wait(transcript)).isEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void refusesAMinimumAboveTheMaximum() {
        assertThatThrownBy(() -> new EndOfTurn(Duration.ofSeconds(3), Duration.ofSeconds(2)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
