package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OnsetTest {

    private final Onset onset = new Onset();

    @Test
    void whatWasLoudRightBeforeTheVoiceBelongsToIt() {
        hear(2, 2, 2, 2, 60, 500, 900);
        voice(8);
        assertThat(onset.millis(3_000)).isEqualTo((8 + 3) * 8);
    }

    @Test
    void aSoundBeforeAGapDoesNot() {
        hear(2, 2, 2_000, 2_000, 2, 900);
        voice(8);
        assertThat(onset.millis(3_000)).isEqualTo((8 + 1) * 8);
    }

    @Test
    void aVoiceMayBeginWithinTheFirstWindowItIsHeardIn() {
        hear(2, 2, 2, 2, 2, 2, 2);
        voice(5);
        assertThat(onset.millis(3_000)).isEqualTo(5 * 8);
    }

    @Test
    void steadyNoiseDoesNotHoweverLoudItIs() {
        hear(900, 1_000, 950, 1_100, 900, 1_000, 1_050);
        voice(8);
        assertThat(onset.millis(3_000)).isEqualTo(8 * 8);
    }

    @Test
    void aVoiceThatWasNotTakenForOneBelongsToItForThreeTenthsOfASecond() {
        hear(2, 2, 2, 2);
        voice(50);
        assertThat(onset.millis(3_000)).isEqualTo((8 + 36) * 8);
    }

    @Test
    void nothingBelongsToAVoiceThatIsTheFirstThingHeard() {
        voice(8);
        assertThat(onset.millis(3_000)).isEqualTo(8 * 8);
    }

    private void voice(int steps) {
        for (int i = 0; i < steps; i++) {
            hear(3_000);
        }
    }

    private void hear(double... levels) {
        for (double level : levels) {
            onset.add(level);
        }
    }
}
