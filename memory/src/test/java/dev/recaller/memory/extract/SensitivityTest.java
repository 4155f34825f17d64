package dev.recaller.memory.extract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SensitivityTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I live at 12 Main Street.",
                "My address is the same.",
                "Write to jo@example.com.",
                "jo at gmail dot com",
                "nora dot b at example dot net",
                "Nine nine eight, eight seven seven.",
                "My date of birth is the third of May.",
                "I take insulin.",
                "I was diagnosed last year.",
                "My salary is too low.",
                "I owe you 300 dollars.",
                "I paid $20.",
                "My order number is ready.",
                "The account is 12345678.",
                "My order is 2026-12-03.",
                "My wife is away until Monday.",
                "The kids are home alone."
            })
    void needsMoreThanAPresentedNumber(String said) {
        assertThat(Sensitivity.isSensitive(said)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "My name is John.",
                "I like my coffee black.",
                "Please text me after five.",
                "I need a plumber on Tuesday at 10.",
                "We are four people.",
                "He is a nice man.",
                "The parcel comes on 2026-12-03."
            })
    void isAnybodys(String said) {
        assertThat(Sensitivity.isSensitive(said)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"What is your address, please?", "And your date of birth?", "Tell me your order number."})
    void asksForWhatNeedsMore(String question) {
        assertThat(Sensitivity.asks(question)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"What is your name?", "How can I help you?", "I have found your address."})
    void asksForWhatIsAnybodys(String question) {
        assertThat(Sensitivity.asks(question)).isFalse();
    }
}
