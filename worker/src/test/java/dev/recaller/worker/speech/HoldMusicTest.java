package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HoldMusicTest {
    private static final int FRAME = TextToSpeech.RATE / 100;

    private final Playout playout = new Playout(System::nanoTime);

    @Test
    void goesRoundWithoutASeam() {
        short[] tune = HoldTune.pcm();
        short[] heard = new short[2 * tune.length];
        var music = new HoldMusic(tune);
        short[] frame = new short[FRAME];
        for (int at = 0; at < heard.length; at += FRAME) {
            assertThat(music.next(frame)).isTrue();
            System.arraycopy(frame, 0, heard, at, FRAME);
        }

        assertThat(loudest(heard, 0, heard.length)).isBetween(4_000, 16_000);
        assertThat(roughest(heard, 0, heard.length)).isLessThan(roughestOfTune() + 1);
        assertThat(music.over()).isFalse();
    }

    @Test
    void stopsWithoutAClickAndBeginsSoftly() {
        playout.answered();
        var music = new HoldMusic(HoldTune.pcm());
        playout.play(music);
        short[] heard = played(200);
        music.end();
        short[] ending = played(50);

        assertThat(loudest(heard, 0, FRAME)).isLessThan(100);
        assertThat(music.over()).isTrue();
        assertThat(loudest(ending, 15 * FRAME, ending.length)).isZero();
        assertThat(roughest(ending, 0, ending.length)).isLessThan(roughestOfTune() + 1);
        assertThat(Math.abs(ending[0] - heard[heard.length - 1])).isLessThan(roughestOfTune() + 1);
    }

    @Test
    void nothingElseIsPlayedBeforeItIsOver() {
        playout.answered();
        var music = new HoldMusic(HoldTune.pcm());
        playout.play(music);
        played(100);
        short[] words = new short[10 * FRAME];
        Arrays.fill(words, (short) 20_000);
        playout.play(Utterance.of(words));
        assertThat(loudest(played(20), 0, 20 * FRAME)).isLessThan(16_000);

        music.end();
        assertThat(loudest(played(50), 0, 50 * FRAME)).isEqualTo(20_000);
    }

    @Test
    void theTuneIsWithinATelephonesBand() {
        short[] tune = HoldTune.pcm();

        assertThat(tune.length % FRAME).isZero();
        assertThat(loudest(tune, 0, tune.length)).isBetween(4_000, 16_000);
        for (int second = 0; second < tune.length / TextToSpeech.RATE; second++) {
            int from = second * TextToSpeech.RATE;
            assertThat(loudest(tune, from, from + TextToSpeech.RATE))
                    .as("second " + second)
                    .isGreaterThan(1_000);
        }
    }

    private short[] played(int frames) {
        short[] all = new short[frames * FRAME];
        short[] frame = new short[FRAME];
        for (int i = 0; i < frames; i++) {
            if (playout.next(frame)) {
                System.arraycopy(frame, 0, all, i * FRAME, FRAME);
            }
        }
        return all;
    }

    private static int roughestOfTune() {
        return roughest(HoldTune.pcm(), 0, HoldTune.pcm().length);
    }

    /** The largest step from one sample to the next: a click is one. */
    private static int roughest(short[] pcm, int from, int to) {
        return IntStream.range(from + 1, to)
                .map(i -> Math.abs(pcm[i] - pcm[i - 1]))
                .max()
                .orElse(0);
    }

    private static int loudest(short[] pcm, int from, int to) {
        return IntStream.range(from, to).map(i -> Math.abs(pcm[i])).max().orElse(0);
    }
}
