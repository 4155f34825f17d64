package dev.recaller.livekit.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.livekit.ffi.FrameSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The clock, stepped by hand. The core's side is a sink that takes a frame only when told to be ready. */
final class PacerTest {
    private static final long START_NS = 5_000_000_000L;

    private final RoomCounters counters = new RoomCounters();
    private final Pacer pacer = new Pacer(counters);
    private final Core core = new Core();
    private int nextFrame;

    private static final class Core implements FrameSink {
        final List<Short> frames = new ArrayList<>();
        boolean busy;
        boolean knowsSource = true;

        @Override
        public boolean idle() {
            return !busy;
        }

        @Override
        public boolean send(short[] frame) {
            frames.add(frame[0]);
            return knowsSource;
        }

        @Override
        public long errors() {
            return 0;
        }

        @Override
        public void close() {
            busy = true;
        }
    }

    private static long ms(long ms) {
        return START_NS + ms * 1_000_000;
    }

    private AudioOut countingOut() {
        var out = new AudioOut(
                core,
                frame -> {
                    frame[0] = (short) ++nextFrame;
                    return true;
                },
                counters,
                pacer::wake);
        pacer.add(out);
        return out;
    }

    @Test
    void sendsOneFrameEachTenMilliseconds() {
        countingOut();

        assertThat(pacer.step(ms(0))).isEqualTo(ms(10));
        assertThat(pacer.step(ms(4))).isEqualTo(ms(10));
        assertThat(pacer.step(ms(10))).isEqualTo(ms(20));
        assertThat(pacer.step(ms(21))).isEqualTo(ms(30));

        assertThat(core.frames).containsExactly((short) 1, (short) 2, (short) 3);
        assertThat(counters.framesLate.sum()).isZero();
    }

    @Test
    void restsWhenNobodyPlays() {
        assertThat(pacer.step(ms(0))).isEqualTo(Long.MAX_VALUE);
        AudioOut out = countingOut();
        assertThat(pacer.step(ms(7_000))).isEqualTo(ms(7_010));
        pacer.remove(out);
        assertThat(pacer.step(ms(7_010))).isEqualTo(Long.MAX_VALUE);

        assertThat(core.frames).hasSize(1);
        assertThat(counters.framesSkipped.sum()).isZero();
    }

    @Test
    void catchesUpAfterAShortDelayFrameByFrame() {
        countingOut();
        pacer.step(ms(0));

        assertThat(pacer.step(ms(35))).isEqualTo(ms(36));
        assertThat(pacer.step(ms(36))).isEqualTo(ms(37));
        assertThat(pacer.step(ms(37))).isEqualTo(ms(40));

        assertThat(core.frames).containsExactly((short) 1, (short) 2, (short) 3, (short) 4);
        assertThat(counters.framesLate.sum()).isEqualTo(2);
        assertThat(counters.framesSkipped.sum()).isZero();
    }

    @Test
    void leavesOutWhatIsTooLateToHear() {
        countingOut();
        pacer.step(ms(0));

        pacer.step(ms(510));

        assertThat(core.frames).hasSize(2);
        assertThat(counters.framesSkipped.sum()).isEqualTo(50);
        assertThat(pacer.step(ms(520))).isEqualTo(ms(530));
        assertThat(core.frames).containsExactly((short) 1, (short) 2, (short) 3);
    }

    @Test
    void asksTheSourceOnlyWhenTheCoreTakesTheFrame() {
        countingOut();
        pacer.step(ms(0));
        core.busy = true;
        pacer.step(ms(10));
        pacer.step(ms(20));
        assertThat(nextFrame).isEqualTo(1);

        core.busy = false;
        pacer.step(ms(21));
        assertThat(nextFrame).isEqualTo(2);
    }

    @Test
    void owesABusyCoreNoMoreThanATenthOfASecond() {
        countingOut();
        core.busy = true;
        for (int i = 0; i < 100; i++) {
            pacer.step(ms(10L * i));
        }

        assertThat(counters.framesSkipped.sum()).isEqualTo(90);
    }

    @Test
    void playsSilenceWhenTheSourceHasNothingOrFails() {
        var out = new AudioOut(
                core,
                frame -> {
                    frame[0] = 99;
                    if (core.frames.size() == 1) {
                        throw new IllegalStateException("a broken source");
                    }
                    return core.frames.size() == 2;
                },
                counters,
                pacer::wake);
        pacer.add(out);
        for (int i = 0; i < 4; i++) {
            pacer.step(ms(10L * i));
        }

        assertThat(core.frames).containsExactly((short) 0, (short) 0, (short) 99, (short) 0);
    }

    @Test
    void asksNothingOfAClosedOutput() {
        AudioOut out = countingOut();
        pacer.step(ms(0));
        out.close();
        pacer.step(ms(10));

        assertThat(nextFrame).isEqualTo(1);
    }

    @Test
    void oneOutputThatIsGoneDoesNotDisturbTheOthers() {
        core.knowsSource = false;
        countingOut();
        var other = new Core();
        pacer.add(new AudioOut(other, _ -> false, counters, pacer::wake));
        pacer.step(ms(0));
        pacer.step(ms(10));

        assertThat(core.frames).hasSize(1);
        assertThat(other.frames).hasSize(2);
    }

    @Test
    void sendsTheFirstPacketOfASoundAtOnceAndMakesTheNextSilenceShorterByIt() {
        var sounds = new ArrayDeque<Short>();
        AudioOut out = sounding(sounds);
        pacer.step(ms(0));
        sounds.addAll(List.of((short) 1, (short) 2, (short) 3, (short) 4));

        out.hurry();
        assertThat(pacer.step(ms(2))).as("one frame at a time").isEqualTo(ms(3));
        assertThat(pacer.step(ms(3))).isEqualTo(ms(10));
        assertThat(core.frames).as("a packet").containsExactly((short) 0, (short) 1, (short) 2);
        out.hurry();
        pacer.step(ms(4));
        pacer.step(ms(5));
        out.hurry();
        assertThat(pacer.step(ms(6))).as("two are the most").isEqualTo(ms(10));

        for (int at = 10; at <= 60; at += 10) {
            pacer.step(ms(at));
        }
        assertThat(core.frames)
                .as("seven ticks, seven frames")
                .containsExactly((short) 0, (short) 1, (short) 2, (short) 3, (short) 4, (short) 0, (short) 0);
        assertThat(counters.framesLate.sum()).isZero();
        assertThat(counters.framesSkipped.sum()).isZero();
    }

    @Test
    void sendsAnEndThatIsHurriedWithThePacketThatItsLastSamplesAreIn() {
        var sounds = new ArrayDeque<Short>();
        AudioOut out = sounding(sounds);
        sounds.addAll(List.of((short) 1, (short) 2));
        pacer.step(ms(0));

        out.hurry();
        for (int at = 1; at <= 4; at++) {
            pacer.step(ms(at));
        }

        assertThat(core.frames)
                .as("the last sound, two frames of silence, and no more until their time has come")
                .containsExactly((short) 1, (short) 2, (short) 0, (short) 0);
        for (int at = 10; at <= 30; at += 10) {
            pacer.step(ms(at));
        }
        assertThat(core.frames).hasSize(4);
        pacer.step(ms(40));
        assertThat(core.frames).hasSize(5);
    }

    private AudioOut sounding(Queue<Short> sounds) {
        var out = new AudioOut(
                core,
                frame -> {
                    Short next = sounds.poll();
                    frame[0] = next == null ? 0 : next;
                    return next != null;
                },
                counters,
                pacer::wake);
        pacer.add(out);
        return out;
    }

    @Test
    void whatIsOverIsNotHurried() {
        AudioOut out = countingOut();
        pacer.step(ms(0));
        out.close();
        out.hurry();
        pacer.step(ms(1));

        assertThat(nextFrame).isEqualTo(1);
    }
}
