package dev.recaller.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** What tells whether a file changed, was replaced by another one or is gone. */
record FileStamp(FileTime changed, long size, @Nullable Object identity) {

    private static final FileStamp GONE = new FileStamp(FileTime.fromMillis(0), -1, null);

    static FileStamp of(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException e) {
            return GONE;
        }
    }

    boolean exists() {
        return size >= 0;
    }
}
