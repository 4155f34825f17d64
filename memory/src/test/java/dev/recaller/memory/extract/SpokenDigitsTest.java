package dev.recaller.memory.extract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpokenDigitsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "at four one five, five five five, oh one nine nine. | at 4155550199.",
                "It is Nine nine 8 eight seven | It is 99887",
                "one two three four | one two three four",
                "one or two of the three | one or two of the three",
                "oh, someone twofold | oh, someone twofold",
            })
    void writesLongerRunsInDigits(String said, String written) {
        assertThat(SpokenDigits.written(said)).isEqualTo(written);
    }
}
