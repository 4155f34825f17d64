package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Where the word began that was cut, in sounds that stand for words. */
class LastPlayedTest {

    private static final int MS = TextToSpeech.RATE / 1000;

    private final LastPlayed last = new LastPlayed();

    @Test
    void isAfterTheLastPauseAndTenMillisecondsOfIt() {
        played(400, 5_000);
        played(100, 20);
        played(250, 3_000);
        assertThat(last.sinceWordBegan(0)).isEqualTo(260 * MS);
    }

    @Test
    void isWhereAllBeganThatIsNotLongAgo() {
        played(300, 5_000);
        assertThat(last.sinceWordBegan(0)).isEqualTo(300 * MS);
    }

    @Test
    void isNotAfterTheShortSilenceBeforeAP() {
        played(400, 5_000);
        played(100, 20);
        played(200, 5_000);
        played(50, 20);
        played(200, 5_000);
        assertThat(last.sinceWordBegan(0)).isEqualTo(460 * MS);
    }

    @Test
    void isThereWhenNothingWasCut() {
        played(400, 5_000);
        played(80, 20);
        assertThat(last.sinceWordBegan(0)).isEqualTo(10 * MS);
    }

    @Test
    void mayBeWhereSpeechWithoutAPauseIsLeastLoud() {
        played(2_500, 5_000);
        played(20, 1_500);
        played(400, 5_000);
        assertThat(last.sinceWordBegan(0)).isBetween(400 * MS, 420 * MS);
    }

    @Test
    void isTheSameWhenItIsBeingSaidAgain() {
        played(400, 5_000);
        played(100, 20);
        played(250, 3_000);
        assertThat(last.sinceWordBegan(200 * MS)).isEqualTo(60 * MS);
    }

    @Test
    void isNothingBeforeThereWasASound() {
        assertThat(last.sinceWordBegan(0)).isZero();
    }

    private void played(int millis, int loudness) {
        var frame = new short[Utterance.FRAME];
        Arrays.fill(frame, (short) loudness);
        for (int i = 0; i < millis / 10; i++) {
            last.add(frame);
        }
    }
}
