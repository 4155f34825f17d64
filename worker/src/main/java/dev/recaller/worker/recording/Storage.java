package dev.recaller.worker.recording;

import java.io.IOException;
import java.nio.file.Path;

/** Where recordings are kept for good. Blocks; thread safe. */
interface Storage {

    /** Which one this is, for as long as what is in it is there; without a secret. */
    String name();

    /** Keeps a copy of the file under this name, whole or not at all; in place of one that is there. */
    void put(String object, Path file) throws IOException, InterruptedException;

    /**
     * Writes a copy to a file that does not exist yet.
     *
     * @return false when there is no such object
     */
    boolean get(String object, Path file) throws IOException, InterruptedException;

    /** Returns when there is no such object, whether there was or not. */
    void delete(String object) throws IOException, InterruptedException;

    static Storage of(Place place) throws IOException {
        return switch (place) {
            case Place.Folder folder -> FolderStorage.open(folder.path());
            case Place.Bucket bucket -> new S3Storage(bucket);
        };
    }
}
