package dev.recaller.memory.extract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedactionTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    My card is 4111 1111 1111 1111, expiring in May.      | My card is [card number], expiring in May.
                    4111111111111111                                      | [card number]
                    It's 4111-1111-1111-1111.                             | It's [card number].
                    3782 822463 10005 is it                               | [card number] is it
                    four one one one one one one one one one one one one one one one | [card number]
                    5555 5555 5555 4444 and 4111 1111 1111 1111           | [card number] and [card number]
                    card 4111 1111 1111 1111 12 27                        | card [card number] 12 27
                    My PIN is 1234.                                       | My PIN is [secret].
                    my pin is one two three four                          | my pin is [secret]
                    The pin code is 1 2 3 4, okay?                        | The pin code is [secret], okay?
                    my pin 4711                                           | my pin [secret]
                    1234 is my pin                                        | [secret] is my pin
                    the security code is 123                              | the security code is [secret]
                    My password is hunter2.                               | My password is [secret].
                    my password is correct horse battery and i need help  | my password is [secret] and i need help
                    """)
    void takesSecretsOut(String said, String stored) {
        assertThat(Redaction.apply(said, null)).isEqualTo(stored);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    What is your PIN?                         | 1234                  | [secret]
                    Please enter your PIN.                    | it's 1 2 3 4 5 6      | it's [secret]
                    Please tell me the card number            | 4111 1111             | [secret]
                    What's your password?                     | hunter2               | [secret]
                    What is your PIN?                         | I forgot it           | I forgot it
                    How many people?                          | 1234                  | 1234
                    """)
    void takesOutWhatAnswersAQuestionForASecret(String asked, String said, String stored) {
        assertThat(Redaction.apply(said, asked)).isEqualTo(stored);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "My order is 4111 1111 1111 1112.",
                "Call me at +1 510 555 0100.",
                "I forgot my password.",
                "My password is not working.",
                "I'd like to pin this down, is 2 o'clock fine?",
                "My name is John and I am 42.",
                "one two three",
            })
    void leavesEverythingElse(String said) {
        assertThat(Redaction.apply(said, null)).isEqualTo(said);
    }
}
