package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final Pace pace = new Pace();

    @Test
    void knowsNothingAboutACallerWhoHasNotPaused() {
        pace.saidAtOnce();
        assertThat(pace.silence()).isEqualTo(Duration.ZERO);
    }

    @Test
    void onePauseIsNoHabit() {
        pace.pausedFor(800);
        assertThat(pace.silence()).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void isAboveTheUsualPauseOfWhoPausesOften() {
        for (int time = 0; time < 5; time++) {
            pace.pausedFor(700);
            pace.pausedFor(900);
        }
        assertThat(pace.silence()).isBetween(Duration.ofMillis(900), Duration.ofMillis(1_000));
    }

    @Test
    void forgetsWhoSpeaksFluentlyAgain() {
        for (int time = 0; time < 5; time++) {
            pace.pausedFor(900);
        }
        for (int time = 0; time < 8; time++) {
            pace.saidAtOnce();
        }
        assertThat(pace.silence()).isLessThan(Duration.ofMillis(300));
    }
}
