package dev.recaller.worker.speech;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audio in a folder, with its checksum. A folder that is full, not to be written or damaged costs the phrases that are in
 * it, and never fails. Thread safe.
 */
final class PhraseFiles {

    private static final Logger log = LoggerFactory.getLogger(PhraseFiles.class);
    private static final String SUFFIX = ".pcm";
    private static final int CHECKSUM = Integer.BYTES;

    private final Path folder;
    private final long limit;
    private volatile boolean warned;

    private record Kept(Path file, long bytes, FileTime used) {}

    /**
     * @param folder made when the first phrase is kept
     * @param limit in bytes; beyond it those go that were not used for longest
     */
    PhraseFiles(Path folder, long limit) {
        this.folder = folder;
        this.limit = limit;
    }

    /** Null when there is none, or a damaged one, which is then gone. */
    short @Nullable [] read(String key) {
        Path file = folder.resolve(key + SUFFIX);
        try {
            if (!Files.exists(file)) {
                return null;
            }
            var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.remaining() <= CHECKSUM
                    || bytes.remaining() % Short.BYTES != 0
                    || bytes.getInt() != checksum(bytes.slice())) {
                log.warn("a phrase's file is damaged and is made again: {}", file.getFileName());
                Files.deleteIfExists(file);
                return null;
            }
            var pcm = new short[bytes.remaining() / Short.BYTES];
            bytes.asShortBuffer().get(pcm);
            touch(file);
            return pcm;
        } catch (IOException e) {
            warn(e);
            return null;
        }
    }

    private void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (IOException e) {
            warn(e);
        }
    }

    void keep(String key, short[] pcm) {
        var bytes = ByteBuffer.allocate(CHECKSUM + pcm.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(CHECKSUM)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer()
                .put(pcm);
        bytes.putInt(0, checksum(bytes.slice()));
        try {
            Files.createDirectories(folder);
            write(folder.resolve(key + SUFFIX), bytes.array());
            dropOldest();
        } catch (IOException e) {
            warn(e);
        }
    }

    private void write(Path file, byte[] bytes) throws IOException {
        Path partial = Files.createTempFile(folder, "phrase", ".partial");
        try {
            Files.write(partial, bytes);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private synchronized void dropOldest() throws IOException {
        List<Kept> newestFirst;
        try (var files = Files.list(folder)) {
            newestFirst = files.filter(file -> file.toString().endsWith(SUFFIX))
                    .map(PhraseFiles::kept)
                    .sorted(Comparator.comparing(Kept::used).reversed())
                    .toList();
        }
        long sum = 0;
        for (var kept : newestFirst) {
            sum += kept.bytes;
            if (sum > limit) {
                Files.deleteIfExists(kept.file);
            }
        }
    }

    /** One that is gone meanwhile is empty. */
    private static Kept kept(Path file) {
        try {
            return new Kept(file, Files.size(file), Files.getLastModifiedTime(file));
        } catch (IOException e) {
            return new Kept(file, 0, FileTime.fromMillis(0));
        }
    }

    private static int checksum(ByteBuffer bytes) {
        var checksum = new CRC32();
        checksum.update(bytes);
        return (int) checksum.getValue();
    }

    private void warn(IOException e) {
        if (!warned) {
            warned = true;
            log.warn("phrases are not kept on disk, folder {}: {}", folder, e.toString());
        }
    }
}
