package dev.recaller.worker;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/** The folder Recaller keeps its own data in, readable by its user only. */
public record DataFolder(Path path) {

    /** Makes the folder where it is missing. One that exists keeps the permissions somebody gave it. */
    static DataFolder open(Path path) {
        try {
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            if (!Files.isDirectory(path)) {
                Files.createDirectory(path, permissions("rwx------"));
            }
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path)) {
                throw unusable(path, "it is a file");
            }
        } catch (IOException e) {
            throw unusable(path, e.toString());
        }
        if (!Files.isWritable(path)) {
            throw unusable(path, "it is not writable");
        }
        return new DataFolder(path.toAbsolutePath());
    }

    /** The configured key, else the one kept in the configured folder. */
    public static String hashKey(Configuration configuration) {
        String given = configuration.hashKey();
        return given != null ? given : open(configuration.folders().home()).hashKey();
    }

    /** The key made when first asked for; of two processes that ask at once both get the same. */
    public String hashKey() {
        Path file = path.resolve("hash-key");
        try {
            if (!Files.exists(file)) {
                byte[] key = new byte[32];
                new SecureRandom().nextBytes(key);
                Path whole = Files.createTempFile(path, "hash-key", ".new", permissions("rw-------"));
                try {
                    Files.writeString(whole, HexFormat.of().formatHex(key));
                    Files.createLink(file, whole); // all or nothing, and never over another process's key
                } catch (FileAlreadyExistsException e) {
                    // the other process was first
                } finally {
                    Files.delete(whole);
                }
            }
            return Files.readString(file).strip();
        } catch (IOException | UnsupportedOperationException e) {
            throw unusable(path, "the key for hashing numbers cannot be kept there: " + e);
        }
    }

    private static FileAttribute<?>[] permissions(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static ConfigurationException unusable(Path path, String why) {
        return new ConfigurationException(
                List.of("RECALLER_HOME=" + path + " cannot be used, " + why + ": name a folder of your own."));
    }
}
