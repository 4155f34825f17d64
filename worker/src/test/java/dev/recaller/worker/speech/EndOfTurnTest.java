package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndOfTurnTest {

    private static final EndOfTurn RULES = new EndOfTurn(Duration.ofMillis(300), Duration.ofMillis(2500), true);

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
                "I need to change my appointment.",
                "I think so.",
                "This is all I have.",
                "I do not know where it is.",
                "No, we did not."
            })
    void waitsShortlyAfterWhatLooksFinished(String transcript) {
        assertThat(RULES.wait(transcript, Asked.ANYTHING, new Pace())).isEqualTo(Duration.ofMillis(300));
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
                "Let me see.",
                "Hold on",
                "Dr.",
                "Tomorrow,",
                "I\u2019m"
            })
    void waitsLongAfterWhatDoesNot(String transcript) {
        assertThat(RULES.wait(transcript, Asked.ANYTHING, new Pace())).isEqualTo(Duration.ofMillis(2500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"My number is 415.", "It is 415 555.", "four one five five", "The code is two seven"})
    void waitsForTheNextGroupOfANumber(String transcript) {
        assertThat(RULES.wait(transcript, Asked.ANYTHING, new Pace())).isEqualTo(Duration.ofMillis(1400));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "What is your phone number?              | 415 555              | 1400",
                "What is your phone number?              | 415 555 0100         | 300",
                "What is your phone number?              | I don't know it.     | 300",
                "Please enter your four digit PIN.       | 12                   | 1400",
                "Please enter your four digit PIN.       | one two              | 1400",
                "Please enter your four digit PIN.       | 1234.                | 300",
                "May I have your account number?         | 88 12                | 1400",
                "How do you spell your last name? Please spell it. | J-O          | 1400",
                "Could you spell that?                   | Yes.                 | 200",
                "Thank you. Shall I book it?             | Yes, please.         | 200",
                "Is that correct?                        | No, that's right.    | 200",
                "Is that correct?                        | No, it's Jon.        | 300",
                "You are John, right?                    | Yeah.                | 200",
                "Do you want Monday or Tuesday?          | Yes.                 | 300",
                "Do you have an account?                 | I do.                | 200",
                "Would you like that?                    | Maybe.               | 200",
                "Shall I book it for you?                | I would like.        | 1400",
                "What is your customer number?           | Yes, that is.        | 1400",
                "What is your name?                      | Yes, it is.          | 300",
                "How can I help you?                     | Yes.                 | 300",
                "How can I help you?                     | I have 4 dogs.       | 300",
            })
    void waitsByWhatWasAsked(String said, String transcript, int millis) {
        assertThat(RULES.wait(transcript, Asked.by(said), new Pace())).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Do you still have.",
                "I have a question about.",
                "We would be.",
                "The problem is that.",
                "I will arrive at.",
                "We need another.",
                "I would.",
            })
    void doubtsAFullStopWhereSentencesSeldomEnd(String transcript) {
        assertThat(RULES.wait(transcript, Asked.ANYTHING, new Pace())).isEqualTo(Duration.ofMillis(1400));
        assertThat(RULES.looksFinished(transcript, Asked.ANYTHING)).isFalse();
    }

    @Test
    void readsOnlyTheMarksOfOtherLanguages() {
        EndOfTurn marks = new EndOfTurn(Duration.ofMillis(300), Duration.ofMillis(2500), false);

        assertThat(marks.wait("Ich rufe Sie an.", Asked.ANYTHING, new Pace())).isEqualTo(Duration.ofMillis(300));
        assertThat(marks.wait("Und dann,", Asked.ANYTHING, new Pace())).isEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void refusesAMinimumAboveTheMaximum() {
        assertThatThrownBy(() -> new EndOfTurn(Duration.ofSeconds(3), Duration.ofSeconds(2), true))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
