package dev.recaller.memory.extract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RadioAlphabetTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Juliet, Oscar, Hotel, November. | J-O-H-N.",
                "it is x-ray alpha november | it is X-A-N",
                "Oscar and Juliet | Oscar and Juliet",
                "Charlie, Victor | Charlie, Victor",
            })
    void writesItsWordsAsLetters(String said, String written) {
        assertThat(RadioAlphabet.letters(said)).isEqualTo(written);
    }
}
