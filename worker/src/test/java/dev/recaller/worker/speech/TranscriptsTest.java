package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranscriptsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "...", "[BLANK_AUDIO]", "(wind blowing)", "*sighs*", "\u266a music \u266a", "[Music] ."
            })
    void isNoiseHoweverLongAndLoud(String transcript) {
        assertThat(Transcripts.isNoise(transcript, 5_000, 8_000)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Thank you.", "you", "Thanks for watching!", "Bye."})
    void isNoiseWhenShortOrLow(String transcript) {
        assertThat(Transcripts.isNoise(transcript, 100, 8_000)).isTrue();
        assertThat(Transcripts.isNoise(transcript, 1_000, 20)).isTrue();
        assertThat(Transcripts.isNoise(transcript, 1_000, 2_000)).isFalse();
    }

    @Test
    void keepsShortAnswers() {
        assertThat(Transcripts.isNoise("Yes.", 100, 2_000)).isFalse();
        assertThat(Transcripts.isNoise("No.", 100, 2_000)).isFalse();
        assertThat(Transcripts.isNoise("John.", 100, 2_000)).isFalse();
        assertThat(Transcripts.isNoise("[noise] My name is John.", 100, 2_000)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Uh-huh.", "Okay.", "OK", "Yeah.", "Mm-hmm.", "I see.", "Yeah, yeah."})
    void knowsAnAcknowledgement(String transcript) {
        assertThat(Transcripts.isAcknowledgement(transcript)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Stop.", "No.", "Okay, but wait.", "Yes, please.", ""})
    void doesNotTakeWordsForAnAcknowledgement(String transcript) {
        assertThat(Transcripts.isAcknowledgement(transcript)).isFalse();
    }
}
