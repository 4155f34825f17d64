package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OnsetTest {

    private final Onset onset = new Onset();

    @Test
    void whatWasLoudRightBeforeTheVoiceBelongsToIt() {
        hear(2, 2, 2, 2, 100, 500, 900, 2_000, 3_000);
        assertThat(onset.steps(3_000)).isEqualTo(3);
    }

    @Test
    void aSoundBeforeAGapDoesNot() {
        hear(2, 2, 2_000, 2_000, 2, 900, 2_000, 3_000);
        assertThat(onset.steps(3_000)).isEqualTo(1);
    }

    @Test
    void steadyNoiseDoesNotHoweverLoudItIs() {
        hear(900, 1_000, 950, 1_100, 900, 1_000, 1_050, 3_000, 3_000);
        assertThat(onset.steps(3_000)).isZero();
    }

    @Test
    void aVoiceThatWasNotTakenForOneBelongsToItForThreeTenthsOfASecond() {
        hear(2, 2, 2, 2);
        for (int i = 0; i < 12; i++) {
            hear(2_000);
        }
        assertThat(onset.steps(2_000)).isEqualTo(9);
    }

    @Test
    void nothingBelongsToAVoiceThatIsTheFirstThingHeard() {
        hear(2_000, 2_000);
        assertThat(onset.steps(2_000)).isZero();
    }

    private void hear(double... levels) {
        for (double level : levels) {
            onset.add(level);
        }
    }
}
