package dev.recaller.worker.command;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** A file for its user's eyes only that is there whole or not at all: it takes its name when it is {@link #finish}ed. */
final class NewFile implements AutoCloseable {

    private final Path path;
    private final Path unfinished;
    private final BufferedWriter writer;

    NewFile(Path path) throws IOException {
        this.path = path.toAbsolutePath();
        Path folder = this.path.getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(path)) {
            throw new IOException(path + " cannot be written: name a file in a folder that exists");
        }
        this.unfinished = Files.createTempFile(folder, path.getFileName() + ".", ".unfinished", ownersOnly());
        this.writer = Files.newBufferedWriter(unfinished);
    }

    void line(String line) throws IOException {
        writer.write(line);
        writer.write('\n');
    }

    void finish() throws IOException {
        writer.close();
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        writer.close();
        Files.deleteIfExists(unfinished);
    }

    private static FileAttribute<?>[] ownersOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
