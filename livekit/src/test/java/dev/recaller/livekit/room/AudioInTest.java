package dev.recaller.livekit.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.livekit.room.AudioIn.End;
import dev.recaller.livekit.room.AudioIn.Frame;
import dev.recaller.livekit.room.AudioIn.Nothing;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

final class AudioInTest {
    private static final Duration AT_ONCE = Duration.ZERO;

    private final RoomCounters counters = new RoomCounters();
    private int released;
    private final AudioIn audio = new AudioIn(counters, () -> released++);

    private void offer(int number) {
        audio.offer(new short[] {(short) number}, number);
    }

    private int nextNumber() throws InterruptedException {
        return audio.next(AT_ONCE) instanceof Frame(short[] samples, long _) ? samples[0] : -1;
    }

    @Test
    void dropsTheOldestWhenNobodyReads() throws Exception {
        for (int i = 0; i < AudioIn.CAPACITY + 3; i++) {
            offer(i);
        }

        assertThat(nextNumber()).isEqualTo(3);
        assertThat(counters.framesOverflowed.sum()).isEqualTo(3);
        assertThat(counters.framesReceived.sum()).isEqualTo(AudioIn.CAPACITY + 3);
    }

    @Test
    void givesWhatCameBeforeTheEndAndThenTheEndForEver() throws Exception {
        offer(1);
        audio.end();
        offer(2);

        assertThat(nextNumber()).isEqualTo(1);
        assertThat(audio.next(AT_ONCE)).isInstanceOf(End.class);
        assertThat(audio.next(AT_ONCE)).isInstanceOf(End.class);
    }

    @Test
    void saysThatNothingCame() throws Exception {
        assertThat(audio.next(Duration.ofMillis(1))).isInstanceOf(Nothing.class);
    }

    @Test
    void wakesAReaderWhenClosed() throws Exception {
        var heard = new LinkedBlockingQueue<AudioIn.Heard>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                heard.add(audio.next(Duration.ofMinutes(1)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        audio.close();

        assertThat(reader.join(Duration.ofSeconds(30))).isTrue();
        assertThat(heard).singleElement().isInstanceOf(End.class);
        assertThat(released).isEqualTo(1);
    }
}
