package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.recaller.flow.line.Said;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class AudioFilesTest {
    private static final int HERTZ = 500;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"24000, 1", "8000, 1", "44100, 2", "48000, 2"})
    void aFileIsPlayedWhateverItsRate(int rate, int channels) throws Exception {
        write("tone.wav", rate, channels, 2);

        short[] pcm = new AudioFiles(folder).read("tone.wav").orElseThrow();

        assertThat(pcm.length).isCloseTo(2 * TextToSpeech.RATE, offset(500));
        assertThat(rises(pcm)).isCloseTo(2 * HERTZ, offset(12));
        assertThat(loudest(pcm)).isBetween(7_000, 9_000);
    }

    @Test
    void whatIsNoAudioIsNotPlayed() throws Exception {
        Files.writeString(folder.resolve("text.wav"), "no audio");
        var files = new AudioFiles(folder);

        assertThat(files.read("missing.wav")).isEmpty();
        assertThat(files.read("text.wav")).isEmpty();
        assertThat(new AudioFiles(folder.resolve("missing")).read("text.wav")).isEmpty();
    }

    @Test
    void aLinePlaysItToItsEndAndHoldsCallersWithIt() throws Exception {
        write("tone.wav", 24_000, 1, 1);
        try (var server = RealSpeech.server();
                var call = new TestCall(server.transcription("whisper-1", "en-US"), server.speech("tts-1", "alloy"))
                        .answered()) {
            call.line.files(new AudioFiles(folder), "tone.wav");
            assertThat(call.playUntil(call.flow(() -> call.line.play("tone.wav"))))
                    .isEqualTo(Optional.of(new Said.Whole("")));
            assertThat(rises(call.played.toArray())).isCloseTo(HERTZ, offset(20));
            assertThat(call.playUntil(call.flow(() -> call.line.play("missing.wav"))))
                    .isEmpty();

            int before = call.played.length();
            call.playUntil(call.flow(() -> {
                call.line.music(true);
                return null;
            }));
            call.playSound(3_000);
            call.playUntil(call.flow(() -> {
                call.line.music(false);
                return null;
            }));
            short[] held = call.played.range(before, call.played.length());
            assertThat(rises(held)).as("round and round").isGreaterThan(3 * HERTZ - 30);
            assertThat(call.pull()).as("music after its end").isFalse();
        }
    }

    private void write(String name, int rate, int channels, int seconds) throws IOException {
        var bytes = ByteBuffer.allocate(rate * channels * seconds * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < rate * seconds; i++) {
            for (int channel = 0; channel < channels; channel++) {
                bytes.putShort((short) (8_000 * Math.sin(2 * Math.PI * HERTZ * i / rate)));
            }
        }
        var format = new AudioFormat(rate, 16, channels, true, false);
        try (var in = new AudioInputStream(new ByteArrayInputStream(bytes.array()), format, (long) rate * seconds)) {
            AudioSystem.write(
                    in, AudioFileFormat.Type.WAVE, folder.resolve(name).toFile());
        }
    }

    private static int rises(short[] pcm) {
        return (int) IntStream.range(1, pcm.length)
                .filter(i -> pcm[i - 1] < 0 && pcm[i] >= 0)
                .count();
    }

    private static int loudest(short[] pcm) {
        return IntStream.range(0, pcm.length).map(i -> Math.abs(pcm[i])).max().orElse(0);
    }
}
