package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.flow.line.LiveSpeech;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Speech that brings its own sound along, as it is played and cut. */
@Timeout(20)
class LiveSourceTest {

    private final short[] frame = new short[Utterance.FRAME];

    @Test
    void whatWasPlayedIsToldInTheTimeOfItsOwnSoundThoughPausesWereShortened() {
        var speech = new Speech("one two three four five six", silence(500), tone(600), silence(2_000), tone(1_000));
        played(speech, 30);
        assertThat(speech.sound).isEqualTo(Duration.ofMillis(780));
        assertThat(speech.heard).isEqualTo("one");

        var further = new Speech("one two three four five six", silence(500), tone(600), silence(2_000), tone(1_000));
        played(further, 150);
        assertThat(further.sound).isEqualTo(Duration.ofMillis(3_380));
        assertThat(further.heard).isEqualTo("one two three four");
    }

    @Test
    void allOfItIsAllOfItsSound() {
        var speech = new Speech("one two", silence(300), tone(700), silence(500));
        played(speech, 1_000);
        assertThat(speech.sound).isEqualTo(Duration.ofMillis(1_500));
        assertThat(speech.heard).isEqualTo("one two");
    }

    @Test
    void nothingPlayedIsNothingHeard() {
        var speech = new Speech("one two", tone(700));
        played(speech, 0);
        assertThat(speech.sound).isZero();
        assertThat(speech.heard).isEmpty();
    }

    /** Plays so many frames of 10 ms, or to the end. */
    private void played(Speech speech, int frames) {
        var playout = new Playout(System::nanoTime);
        var source = new LiveSource(speech, System::nanoTime);
        playout.answered();
        try (var saying = new Saying(source, new Level(), Thread::new)) {
            saying.start();
            playout.play(saying.utterance());
            await().until(() -> saying.utterance().finished());
            for (int i = 0; i < frames && playout.next(frame); i++) {
                assertThat(frame).isNotNull();
            }
            playout.clear();
            source.played(saying.utterance(), saying.heard());
        }
    }

    private static short[] silence(int millis) {
        return new short[24 * millis];
    }

    private static short[] tone(int millis) {
        var pcm = new short[24 * millis];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) (8_000 * Math.sin(2 * Math.PI * 300 * i / 24_000));
        }
        return pcm;
    }

    private static final class Speech implements LiveSpeech {
        private final String words;
        private final Iterator<short[]> parts;
        private Duration sound = Duration.ofDays(1);
        private String heard = "not told";

        Speech(String words, short[]... parts) {
            this.words = words;
            this.parts = List.of(parts).iterator();
        }

        @Override
        public short @Nullable [] sound() {
            return parts.hasNext() ? parts.next() : null;
        }

        @Override
        public String words() {
            return words;
        }

        @Override
        public void played(Duration played, String told) {
            sound = played;
            heard = told;
        }
    }
}
