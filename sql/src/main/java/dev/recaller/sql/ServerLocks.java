package dev.recaller.sql;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which processes use one server. Each holds the lock {@code in-use} shared as long as it lives; starting, stopping and
 * finding out who is left happen under the lock {@code start}. The system releases both when a process dies.
 *
 * <p>The system's locks belong to processes, so within one process a second user of the same folder is refused.
 */
final class ServerLocks implements AutoCloseable {

    private static final Set<Path> TAKEN = new HashSet<>();

    private final Path folder;
    private final FileChannel startChannel;
    private final FileChannel useChannel;
    private @Nullable FileLock use;

    private ServerLocks(Path folder, FileChannel startChannel, FileChannel useChannel) {
        this.folder = folder;
        this.startChannel = startChannel;
        this.useChannel = useChannel;
    }

    static ServerLocks open(Path folder) throws IOException {
        Path real = folder.toRealPath();
        synchronized (TAKEN) {
            if (!TAKEN.add(real)) {
                throw new IllegalStateException("this process uses the database in " + real + " already");
            }
        }
        return new ServerLocks(real, channel(real.resolve("start.lock")), channel(real.resolve("in-use.lock")));
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** Runs while no other process starts or stops the server. */
    synchronized void alone(Work work) throws IOException, InterruptedException {
        try (FileLock start = startChannel.lock()) {
            assert start.isValid();
            work.run();
        }
    }

    /** From now on this process uses the server; call it {@link #alone}. */
    void use() throws IOException {
        use = useChannel.lock(0, Long.MAX_VALUE, true);
    }

    /** Stops using the server; true when nobody else does. Call it {@link #alone}. */
    boolean leave() throws IOException {
        if (use != null) {
            use.release();
        }
        try (FileLock last = useChannel.tryLock()) {
            return last != null;
        } catch (OverlappingFileLockException e) {
            throw new AssertionError("one process, one lock", e);
        }
    }

    @Override
    public void close() throws IOException {
        try (startChannel;
                useChannel) {
            synchronized (TAKEN) {
                TAKEN.remove(folder);
            }
        }
    }
}
