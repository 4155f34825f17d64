package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlayoutTest {

    private long now = 1_000;
    private final Playout playout = new Playout(() -> now);
    private final Utterance utterance = new Utterance();
    private final short[] frame = new short[Utterance.FRAME];

    @BeforeEach
    void play() {
        playout.play(utterance);
    }

    @Test
    void isSilentUntilThePhoneIsAnswered() {
        utterance.write(constant(480, 1_000));
        assertThat(playout.next(frame)).isFalse();
        assertThat(utterance.played()).isZero();
        playout.answered();
        assertThat(playout.next(frame)).isTrue();
        assertThat(frame).containsOnly(1_000);
        assertThat(utterance.played()).isEqualTo(240);
    }

    @Test
    void wantsTheCallerAsSoonAsThereIsSomethingToPlay() {
        var waiting = waiting();
        utterance.write(constant(300, 1_000));
        assertThat(waiting.isDone()).as("too little for a packet").isFalse();
        utterance.write(constant(200, 1_000));
        assertThat(waiting).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void wantsTheCallerWhoIsToBeListenedTo() {
        var waiting = waiting();
        playout.want();
        assertThat(waiting).succeedsWithin(Duration.ofSeconds(10));
    }

    private CompletableFuture<Void> waiting() {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        playout.awaitWanted(Duration.ofHours(1));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                Thread::startVirtualThread);
    }

    @Test
    void tellsThatThereIsAPacketToPlayAsSoonAsTheCallerCanHearIt() {
        var told = new AtomicInteger();
        playout.onUrgent(told::incrementAndGet);
        utterance.write(constant(480, 1_000));
        assertThat(told).as("it still rings").hasValue(0);
        playout.answered();
        assertThat(told).hasValue(1);
        assertThat(playout.next(frame)).isTrue();
        utterance.write(constant(480, 1_000));
        assertThat(told).as("it is on its way").hasValue(1);

        var next = new Utterance();
        playout.play(next);
        next.write(constant(300, 1_000));
        assertThat(told).as("too little for a packet").hasValue(1);
        utterance.write(constant(480, 1_000));
        assertThat(told).as("nobody hears this one any more").hasValue(1);
        next.write(constant(200, 1_000));
        assertThat(told).hasValue(2);
        playout.play(Utterance.of(constant(960, 1_000)));
        assertThat(told).as("all of it is there").hasValue(3);
    }

    @Test
    void tellsThatItIsToFallSilentAtOnce() {
        playout.answered();
        utterance.write(constant(960, 1_000));
        var told = new AtomicInteger();
        playout.onUrgent(told::incrementAndGet);
        playout.pause();
        assertThat(told).hasValue(1);
        playout.clear();
        assertThat(told).as("it is silent already").hasValue(1);
        playout.play(Utterance.of(constant(960, 1_000)));
        playout.clear();
        assertThat(told).as("a beginning, and an end before its time").hasValue(3);
        playout.clear();
        assertThat(told).as("nothing was played").hasValue(3);
    }

    @Test
    void playsChunksOfAnySizeWithoutAGap() {
        playout.answered();
        var ramp = new short[1_000];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (short) i;
        }
        utterance.write(Arrays.copyOfRange(ramp, 0, 7));
        utterance.write(Arrays.copyOfRange(ramp, 7, 650));
        utterance.write(Arrays.copyOfRange(ramp, 650, 1_000));
        utterance.finish();
        var heard = new short[1_200];
        for (int i = 0; i < 5; i++) {
            assertThat(playout.next(frame)).isTrue();
            System.arraycopy(frame, 0, heard, i * 240, 240);
        }
        assertThat(heard).isEqualTo(Arrays.copyOf(ramp, 1_200));
        assertThat(playout.next(frame)).isFalse();
        assertThat(utterance.over()).isTrue();
    }

    @Test
    void waitsForAWholeFrameAndCountsTheGap() {
        playout.answered();
        utterance.write(constant(300, 1_000));
        assertThat(playout.next(frame)).isTrue();
        assertThat(playout.next(frame)).isFalse();
        assertThat(playout.next(frame)).isFalse();
        assertThat(utterance.underruns()).isEqualTo(1);
        utterance.write(constant(200, 1_000));
        assertThat(playout.next(frame)).isTrue();
        assertThat(utterance.played()).isEqualTo(480);
    }

    @Test
    void doesNotCountTheWaitForTheNextSentenceAsAGap() {
        playout.answered();
        utterance.write(constant(300, 1_000));
        utterance.endSentence();
        assertThat(playout.next(frame)).isTrue();
        assertThat(playout.next(frame)).isTrue();
        assertThat(playout.next(frame)).isFalse();
        assertThat(utterance.underruns()).isZero();
        assertThat(utterance.over()).isFalse();
    }

    @Test
    void isSilentWithinOneFrameAfterClearAndFadesThere() {
        playout.answered();
        utterance.write(constant(24_000, 10_000));
        assertThat(playout.next(frame)).isTrue();
        playout.clear();
        assertThat(playout.next(frame)).isTrue();
        assertThat(frame[0]).isEqualTo((short) 10_000);
        for (int i = 1; i < frame.length; i++) {
            assertThat(frame[i]).isLessThanOrEqualTo(frame[i - 1]);
            assertThat(frame[i - 1] - frame[i]).isLessThan(200);
        }
        assertThat(frame[239]).isZero();
        assertThat(playout.next(frame)).isFalse();
        assertThat(utterance.played()).isEqualTo(240);
    }

    @Test
    void goesOnWithTheWordThatWasCutWithoutAClick() {
        playout.answered();
        utterance.write(constant(24_000, 10_000));
        playout.next(frame);
        playout.pause();
        assertThat(playout.next(frame)).isTrue();
        assertThat(playout.next(frame)).isFalse();
        assertThat(utterance.played()).isEqualTo(240);
        playout.resume();
        assertThat(playout.next(frame)).isTrue();
        assertThat(frame[0]).isZero();
        assertThat(frame[239]).isEqualTo((short) 10_000);
        assertThat(utterance.played()).as("heard twice").isEqualTo(240);
        playout.next(frame);
        assertThat(utterance.played()).isEqualTo(480);
    }

    @Test
    void saysTheCutWordAgainAsOftenAsItIsCutAndLosesNothing() {
        playout.answered();
        var words = new short[48_000];
        for (int i = 0; i < words.length; i++) {
            words[i] = (short) (i % 12_000 < 9_000 ? 1_000 + i / 240 : 0);
        }
        utterance.write(words);
        utterance.finish();
        play(130);
        pauseAndResume();
        assertThat(firstSound()).as("frame 100 begins the third word").isEqualTo(100);
        play(5);
        pauseAndResume();
        assertThat(firstSound()).isEqualTo(100);
        play(98);
        assertThat(frame[0])
                .as("the last frame but one of the pause at the end")
                .isZero();
        assertThat(utterance.over()).isFalse();
        play(1);
        assertThat(utterance.over()).isTrue();
        assertThat(playout.next(frame)).isFalse();
    }

    private void play(int frames) {
        for (int i = 0; i < frames; i++) {
            assertThat(playout.next(frame)).isTrue();
        }
    }

    private void pauseAndResume() {
        playout.pause();
        play(1);
        assertThat(playout.next(frame)).isFalse();
        playout.resume();
    }

    /** Which frame of the words it is; a frame of the pause before it is kept. */
    private int firstSound() {
        play(1);
        assertThat(frame).containsOnly(0);
        play(1);
        return frame[239] - 1_000;
    }

    @Test
    void replacesOneUtteranceByAnother() {
        playout.answered();
        utterance.write(constant(24_000, 10_000));
        playout.next(frame);
        var other = new Utterance();
        other.write(constant(240, 500));
        playout.play(other);
        assertThat(playout.next(frame)).isTrue();
        assertThat(frame[239]).isZero();
        assertThat(playout.next(frame)).isTrue();
        assertThat(frame).containsOnly(500);
    }

    @Test
    void saysWhenTheFirstFrameAndTheFirstSoundWentOut() {
        playout.answered();
        utterance.write(new short[240]);
        utterance.write(constant(240, 1_000));
        now = 2_000;
        playout.next(frame);
        now = 3_000;
        playout.next(frame);
        assertThat(playout.answeredAt()).isEqualTo(1_000);
        assertThat(utterance.firstFrameAt()).isEqualTo(2_000);
        assertThat(utterance.firstSoundAt()).isEqualTo(3_000);
    }

    private static short[] constant(int length, int value) {
        var pcm = new short[length];
        Arrays.fill(pcm, (short) value);
        return pcm;
    }
}
