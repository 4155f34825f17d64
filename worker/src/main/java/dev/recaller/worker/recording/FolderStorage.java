package dev.recaller.worker.recording;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * A folder. It has a name of its own in a file, so that another disk in its place, or none, is never taken for one whose
 * recordings are deleted.
 */
final class FolderStorage implements Storage {

    private static final String NAME = "recordings-of";

    private final Path folder;
    private final String name;

    private FolderStorage(Path folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /** Makes the folder where it is missing; of two processes that do so at once both get the same. */
    static FolderStorage open(Path folder) throws IOException {
        try {
            return named(folder);
        } catch (FileSystemException e) {
            throw new IOException(
                    "recordings cannot be kept in " + folder + ": " + reason(e)
                            + ". Let this user write there, or set RECALLER_RECORDINGS to another folder",
                    e);
        }
    }

    private static String reason(FileSystemException e) {
        return switch (e) {
            case FileAlreadyExistsException _ -> "it is a file";
            case AccessDeniedException _ -> "access is denied";
            default -> String.valueOf(e.getReason());
        };
    }

    private static FolderStorage named(Path folder) throws IOException {
        Files.createDirectories(folder, Spool.forUs("rwx------"));
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            Path whole = Files.createTempFile(folder, NAME, ".new");
            try {
                Files.writeString(whole, UUID.randomUUID().toString());
                Files.createLink(file, whole);
            } catch (FileAlreadyExistsException e) {
                // the other process was first
            } finally {
                Files.delete(whole);
            }
        }
        return new FolderStorage(folder, Files.readString(file).strip());
    }

    @Override
    public String name() {
        return "folder:" + name;
    }

    @Override
    public void put(String object, Path file) throws IOException {
        Path target = target(object);
        Path parent = target.resolveSibling(".");
        Files.createDirectories(parent, Spool.forUs("rwx------"));
        Path partial = target.resolveSibling(target.getFileName() + ".partial");
        Files.copy(file, partial, StandardCopyOption.REPLACE_EXISTING);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public boolean get(String object, Path file) throws IOException {
        try {
            Files.copy(target(object), file);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void delete(String object) throws IOException {
        Path target = target(object);
        Files.deleteIfExists(target.resolveSibling(target.getFileName() + ".partial"));
        Files.deleteIfExists(target);
    }

    private Path target(String object) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file) || !Files.readString(file).strip().equals(name)) {
            throw new IOException(folder + " is not the folder it was: its file " + NAME + " is gone or another");
        }
        return folder.resolve(object);
    }
}
