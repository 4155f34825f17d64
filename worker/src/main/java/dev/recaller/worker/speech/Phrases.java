package dev.recaller.worker.speech;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fixed texts as ready-made audio: what a flow always says begins at once, and there is something to say when no provider
 * answers. Rendered while all is well and kept in a folder by voice and text, so that they are there at a later start too;
 * what was not used for longest goes first. Thread safe.
 */
public final class Phrases {

    private static final Logger log = LoggerFactory.getLogger(Phrases.class);

    /** In memory, and on disk again: 22 minutes of speech. */
    private static final long LIMIT = 64L << 20;

    private final PhraseFiles files;
    private final long limit;
    private final Map<String, short[]> rendered = new LinkedHashMap<>(16, 0.75f, true); // guarded by itself
    private long bytes; // guarded by rendered
    /** Held while a phrase is made, so that it is made once. */
    private final Map<String, ReentrantLock> making = new ConcurrentHashMap<>();

    /** @param folder made when the first phrase is kept */
    public Phrases(Path folder) {
        this(folder, LIMIT);
    }

    Phrases(Path folder, long limit) {
        this.files = new PhraseFiles(folder, limit);
        this.limit = limit;
    }

    /** Makes sure of these, one after the other, as {@link #prepare(String, TextToSpeech)}; ends at the first that fails. */
    public void prepare(List<String> texts, TextToSpeech voice) throws InterruptedException {
        for (var text : texts) {
            if (!madeSure(text, voice)) {
                return;
            }
        }
    }

    /**
     * Makes sure of a phrase: from the folder, else by asking the voice, once for all who want it.
     * Blocks like {@link TextToSpeech}; a failure is logged, {@link #audio} then has a substitute.
     */
    public void prepare(String text, TextToSpeech voice) throws InterruptedException {
        boolean _ = madeSure(text, voice);
    }

    private boolean madeSure(String text, TextToSpeech voice) throws InterruptedException {
        String spoken = spoken(text, voice);
        String key = key(spoken, voice);
        if (find(key) != null) {
            return true;
        }
        var lock = making.computeIfAbsent(key, _ -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            if (find(key) != null) {
                return true;
            }
            short[] pcm = render(spoken, voice);
            remember(key, pcm);
            files.keep(key, pcm);
            return true;
        } catch (ProviderException e) {
            log.warn("a phrase could not be prepared: \"{}\": {}", text, e.getMessage());
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** The phrase as 24 kHz mono; in another voice, or a busy tone, when it could not be prepared in this one. Never waits for a provider. */
    public short[] audio(String text, TextToSpeech voice) {
        String spoken = spoken(text, voice);
        short[] exact = find(key(spoken, voice));
        if (exact != null) {
            return exact.clone();
        }
        synchronized (rendered) {
            return rendered.entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(hash(spoken)))
                    .map(entry -> entry.getValue().clone())
                    .findAny()
                    .orElseGet(Phrases::busyTone);
        }
    }

    /** The voice, which has these phrases ready and asks its service for all else. */
    public TextToSpeech of(TextToSpeech voice) {
        return new TextToSpeech() {
            @Override
            public String voice() {
                return voice.voice();
            }

            @Override
            public Locale locale() {
                return voice.locale();
            }

            @Override
            @SuppressWarnings("MustBeClosedChecker") // handed on to the caller
            public Speech speak(String text) throws InterruptedException {
                short[] ready = find(key(text, voice));
                return ready == null ? voice.speak(text) : new ReadySpeech(ready);
            }
        };
    }

    private short @Nullable [] find(String key) {
        synchronized (rendered) {
            short[] pcm = rendered.get(key);
            if (pcm != null) {
                return pcm;
            }
        }
        short[] pcm = files.read(key);
        if (pcm != null) {
            remember(key, pcm);
        }
        return pcm;
    }

    private void remember(String key, short[] pcm) {
        synchronized (rendered) {
            short[] before = rendered.put(key, pcm);
            bytes += size(pcm) - (before == null ? 0 : size(before));
            var oldest = rendered.values().iterator();
            while (bytes > limit && rendered.size() > 1) {
                bytes -= size(oldest.next());
                oldest.remove();
            }
        }
    }

    private static long size(short[] pcm) {
        return (long) pcm.length * Short.BYTES;
    }

    private static String spoken(String text, TextToSpeech voice) {
        return new Speakable(voice.locale()).of(text).text();
    }

    /** The phrase as 24 kHz mono in this very voice, when it was prepared. */
    public Optional<short[]> prepared(String text, TextToSpeech voice) {
        return Optional.ofNullable(find(key(spoken(text, voice), voice))).map(short[]::clone);
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

    private static String key(String spoken, TextToSpeech voice) {
        return hash(spoken) + "-" + hash(voice.voice());
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

    /** Audio that is there already. */
    private static final class ReadySpeech implements TextToSpeech.Speech {
        private final short[] pcm;
        private int at;

        ReadySpeech(short[] pcm) {
            this.pcm = pcm;
        }

        @Override
        public int read(short[] into) {
            int count = Math.min(into.length, pcm.length - at);
            System.arraycopy(pcm, at, into, 0, count);
            at += count;
            return count == 0 ? -1 : count;
        }

        @Override
        public void close() {}
    }
}
