package dev.recaller.worker.speech;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fixed texts as ready-made audio, for the moments when no provider answers. Rendered while all is well and kept in a
 * folder by voice and text, so that they are there at a later start too. Thread safe.
 */
public final class Phrases {

    /** Said before a call ends because something of ours is broken. */
    public static final String APOLOGY =
            "I'm sorry, something went wrong on our side. Please call again later. Goodbye.";

    private static final Logger log = LoggerFactory.getLogger(Phrases.class);

    private final Path folder;
    private final Map<String, short[]> rendered = new ConcurrentHashMap<>();

    /** @param folder made when the first phrase is kept */
    public Phrases(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes sure of a phrase: from the folder, else by asking the voice. Blocks like {@link TextToSpeech}; a failure is
     * logged, {@link #audio} then has a substitute.
     */
    public void prepare(String text, TextToSpeech voice) throws InterruptedException {
        String key = key(text, voice);
        if (rendered.containsKey(key)) {
            return;
        }
        try {
            short[] pcm = read(file(key));
            if (pcm == null) {
                pcm = render(text, voice);
                keep(file(key), pcm);
            }
            rendered.put(key, pcm);
        } catch (ProviderException | IOException e) {
            log.error(
                    "a phrase for failures could not be prepared, callers will hear a tone instead of \"{}\": {}",
                    text,
                    e.getMessage());
        }
    }

    /** The phrase as 24 kHz mono; in another voice, or a busy tone, when it could not be prepared in this one. Never waits for a provider. */
    public short[] audio(String text, TextToSpeech voice) {
        short[] exact = rendered.get(key(text, voice));
        return exact != null
                ? exact
                : rendered.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(hash(text)))
                        .map(Map.Entry::getValue)
                        .findAny()
                        .orElseGet(Phrases::busyTone);
    }

    /** The phrase as 24 kHz mono in this very voice, when it was prepared. */
    public Optional<short[]> prepared(String text, TextToSpeech voice) {
        return Optional.ofNullable(rendered.get(key(text, voice)));
    }

    private static short[] render(String text, TextToSpeech voice) throws InterruptedException {
        var pcm = new PcmBuffer();
        var buffer = new short[TextToSpeech.RATE];
        try (var speech = voice.speak(text)) {
            for (int count = speech.read(buffer); count >= 0; count = speech.read(buffer)) {
                pcm.add(buffer, count);
            }
        }
        if (pcm.length() == 0) {
            throw ProviderException.failed("speech came back empty", null);
        }
        return pcm.toArray();
    }

    private static short @Nullable [] read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        byte[] bytes = Files.readAllBytes(file);
        var pcm = new short[bytes.length / Short.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(pcm);
        return pcm.length == 0 ? null : pcm;
    }

    private void keep(Path file, short[] pcm) throws IOException {
        Files.createDirectories(folder);
        var bytes = ByteBuffer.allocate(pcm.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(pcm);
        Path partial = Files.createTempFile(folder, "phrase", ".partial");
        Files.write(partial, bytes.array());
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path file(String key) {
        return folder.resolve(key + ".pcm");
    }

    private static String key(String text, TextToSpeech voice) {
        return hash(text) + "-" + hash(voice.voice());
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** 480 and 620 Hz, half a second on, half off, three times. */
    private static short[] busyTone() {
        var tone = new short[3 * TextToSpeech.RATE];
        for (int i = 0; i < tone.length; i++) {
            if (i % TextToSpeech.RATE < TextToSpeech.RATE / 2) {
                double t = 2 * Math.PI * i / TextToSpeech.RATE;
                tone[i] = (short) (4000 * (Math.sin(480 * t) + Math.sin(620 * t)));
            }
        }
        return tone;
    }
}
