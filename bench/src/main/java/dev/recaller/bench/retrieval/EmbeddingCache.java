package dev.recaller.bench.retrieval;

import dev.recaller.memory.recall.Embedder;
import dev.recaller.memory.recall.Embedding;
import dev.recaller.memory.recall.Passage;
import dev.recaller.memory.recall.Vectors;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the model made of texts, kept from run to run in a file of the model's. Not thread safe. */
final class EmbeddingCache implements Embedder {

    private final Embedder embedder;
    private final Path file;
    private final Map<String, Vectors> known = new LinkedHashMap<>();
    private boolean changed;

    private EmbeddingCache(Embedder embedder, Path file) {
        this.embedder = embedder;
        this.file = file;
    }

    static EmbeddingCache open(Embedder embedder, Path folder) throws IOException {
        Files.createDirectories(folder);
        var cache = new EmbeddingCache(
                embedder, folder.resolve("embeddings-" + embedder.model().replaceAll("[^\\w.-]+", "-") + ".bin"));
        if (Files.exists(cache.file)) {
            try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(cache.file)))) {
                cache.read(in);
            } catch (EOFException e) {
                Files.delete(cache.file);
            }
        }
        return cache;
    }

    @Override
    public String model() {
        return embedder.model();
    }

    @Override
    public Vectors passage(Passage passage, @Nullable Passage previous) {
        String key = key(passage.speaker() + "\n" + passage.text()
                + (previous == null ? "" : "\n" + previous.speaker() + "\n" + previous.text()));
        Vectors made = known.get(key);
        if (made == null) {
            made = embedder.passage(passage, previous);
            known.put(key, made);
            changed = true;
        }
        return made;
    }

    @Override
    public Embedding question(String text) {
        String key = key("?\n" + text);
        Vectors made = known.get(key);
        if (made == null) {
            Embedding question = embedder.question(text);
            made = new Vectors(question.vector(), new float[0], question.tokens());
            known.put(key, made);
            changed = true;
        }
        return new Embedding(made.turn(), made.tokens());
    }

    /** Writes what is new. */
    void save() throws IOException {
        if (!changed) {
            return;
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(fresh)))) {
            out.writeInt(known.size());
            for (Map.Entry<String, Vectors> entry : known.entrySet()) {
                out.writeUTF(entry.getKey());
                write(out, entry.getValue().turn());
                write(out, entry.getValue().pair());
                out.writeInt(entry.getValue().tokens().length);
                out.write(entry.getValue().tokens());
            }
        }
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        changed = false;
    }

    private void read(DataInputStream in) throws IOException {
        for (int left = in.readInt(); left > 0; left--) {
            String key = in.readUTF();
            float[] turn = floats(in);
            float[] pair = floats(in);
            byte[] tokens = new byte[in.readInt()];
            in.readFully(tokens);
            known.put(key, new Vectors(turn, pair, tokens));
        }
    }

    private static void write(DataOutputStream out, float[] floats) throws IOException {
        out.writeInt(floats.length);
        for (float number : floats) {
            out.writeFloat(number);
        }
    }

    private static float[] floats(DataInputStream in) throws IOException {
        float[] floats = new float[in.readInt()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = in.readFloat();
        }
        return floats;
    }

    private static String key(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
