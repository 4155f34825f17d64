package dev.recaller.worker.speech;

import static dev.recaller.worker.speech.SpeechDetector.Change.ENDED;
import static dev.recaller.worker.speech.SpeechDetector.Change.NONE;
import static dev.recaller.worker.speech.SpeechDetector.Change.STARTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.worker.speech.SpeechDetector.Change;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeechDetectorTest {

    private final SpeechDetector detector = new SpeechDetector();

    @Test
    void startsAfterTwoLoudWindowsNotAfterOne() {
        assertThat(steps(0.9f, 0.1f, 0.9f, 0.9f)).containsExactly(NONE, NONE, NONE, STARTED);
    }

    @Test
    void endsAfterAQuarterOfASecondOfSilence() {
        steps(0.9f, 0.9f);
        assertThat(steps(0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f)).containsOnly(NONE);
        assertThat(steps(0.1f)).containsExactly(ENDED);
    }

    @Test
    void takesAShortGapForPartOfTheSpeech() {
        steps(0.9f, 0.9f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f);
        assertThat(detector.voiced()).isFalse();
        steps(0.9f);
        assertThat(detector.voiced()).isTrue();
        assertThat(steps(0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f)).containsOnly(NONE);
    }

    @Test
    void keepsSpeechThatBecomesDoubtfulButNotSilenceThatDoes() {
        steps(0.9f, 0.9f, 0.4f);
        assertThat(detector.voiced()).isTrue();
        steps(0.1f, 0.4f);
        assertThat(detector.voiced()).isFalse();
    }

    @Test
    void startsAgainAfterAnEnd() {
        steps(0.9f, 0.9f, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(steps(0.9f, 0.9f)).containsExactly(NONE, STARTED);
    }

    @Test
    void takesWhatIsMuchQuieterThanTheSpeechForSilenceThoughAVoiceSeemsToLinger() {
        steps(0.9f, 0.9f);
        detector.step(0.9f, 15);
        assertThat(detector.voiced()).isFalse();
        detector.step(0.9f, 300);
        assertThat(detector.voiced()).isTrue();
    }

    private List<Change> steps(float... probabilities) {
        var changes = new ArrayList<Change>();
        for (float probability : probabilities) {
            changes.add(detector.step(probability, 1_000));
        }
        return changes;
    }
}
