package dev.recaller.worker.speech;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of audio that flows play from: WAV of any rate and number of channels. Thread safe. */
public final class AudioFiles {
    private static final Logger log = LoggerFactory.getLogger(AudioFiles.class);

    /** Some ten minutes in 16 bits at 44.1 kHz. */
    private static final long LARGEST = 64L << 20;

    private static final AudioFormat OURS = new AudioFormat(TextToSpeech.RATE, Short.SIZE, 1, true, false);

    private final Path folder;

    /** @param folder may be missing: then there is no audio */
    public AudioFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads a file whole.
     *
     * @param path below the folder, as flows have it
     * @return 24 kHz mono, at least a sample; empty when it cannot be played, which is logged
     */
    public Optional<short[]> read(String path) {
        Path file = folder.resolve(path);
        try {
            if (Files.size(file) > LARGEST) {
                return unusable(file, "it has more than " + LARGEST + " bytes");
            }
            try (var in = AudioSystem.getAudioInputStream(file.toFile());
                    var ours = AudioSystem.getAudioInputStream(OURS, in)) {
                var bytes = ByteBuffer.wrap(ours.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
                short[] pcm = new short[bytes.remaining() / Short.BYTES];
                bytes.asShortBuffer().get(pcm);
                return pcm.length == 0 ? unusable(file, "it is empty") : Optional.of(pcm);
            }
        } catch (NoSuchFileException e) {
            return unusable(file, "there is no such file");
        } catch (IOException | UnsupportedAudioFileException | IllegalArgumentException e) {
            return unusable(file, e.toString());
        }
    }

    private static Optional<short[]> unusable(Path file, String why) {
        log.warn("{} is not played: {}", file, why);
        return Optional.empty();
    }
}
