package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoundsLikeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Hi John, how can I help you? | hi john",
                "hi joan how can | hi john",
                "Hi Jon! | hi john",
                "Nice to meet you, John. | nice to meet you",
                "Nice two meat you. | nice to meet you",
                "Who am I talking two? | who am i talking to",
            })
    void takesWordsThatSoundTheSame(String transcript, String said) {
        assertThat(transcript).is(SoundsLike.words(said));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Hello, this is the front desk. | hi john",
                "Hi Jane, how can I help you? | hi john",
                "Hi, how are you, John? | hi john",
                "Hello, who am I talking to? | front desk",
                "Something is wrong. | something went wrong",
                "'' | goodbye",
            })
    void refusesOtherWords(String transcript, String said) {
        assertThat(transcript).isNot(SoundsLike.words(said));
    }
}
