package dev.recaller.worker.recording;

import dev.recaller.worker.store.RecordingStore;
import dev.recaller.worker.store.RecordingStore.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What an operator does with recordings of one organization. Blocks; one thread. */
public final class KeptRecordings {

    private final RecordingStore store;
    private final Storage storage;
    private final Keeper keeper;
    private final String organizationId;

    private KeptRecordings(RecordingStore store, Storage storage, Keeper keeper, String organizationId) {
        this.store = store;
        this.storage = storage;
        this.keeper = keeper;
        this.organizationId = organizationId;
    }

    /**
     * Opens them.
     *
     * @throws IOException when the place cannot be used; a bucket is not asked yet
     */
    public static KeptRecordings open(Place place, RecordingStore store, InstantSource clock, String organizationId)
            throws IOException {
        Storage storage = Storage.of(place);
        // Nothing of this machine is stored by it, so it needs no folder for that.
        var keeper = new Keeper(new Spool(Path.of("")), storage, store, RecordingListener.NONE, clock);
        return new KeptRecordings(store, storage, keeper, organizationId);
    }

    /** The newest ones. */
    public List<Row> list(int most) {
        return store.list(organizationId, most);
    }

    /**
     * Copies a recording's files into a folder, which must not have them yet.
     *
     * @return the copies; empty when there is no such recording, or it is not stored yet
     * @throws IOException when the storage or the folder does not allow it, or the recording is kept elsewhere
     */
    public List<Path> get(UUID callId, Path folder) throws IOException, InterruptedException {
        Optional<Row> row = here(callId).filter(found -> found.called() && found.storedAt() != null);
        var copies = new ArrayList<Path>();
        if (row.isPresent()) {
            for (String ending : List.of(Spool.AUDIO, Spool.TRANSCRIPT)) {
                Path copy = folder.resolve(callId + ending);
                if (Files.exists(copy)) {
                    throw new IOException(copy + " is there already: name another folder");
                }
                if (storage.get(row.get().object() + ending, copy)) {
                    copies.add(copy);
                }
            }
        }
        return copies;
    }

    /**
     * Deletes a recording; its call stays.
     *
     * @return whether there is one; it goes now or, when its storage does not answer, as soon as a worker finds that it does
     * @throws IOException when it does not answer, or the recording is kept elsewhere
     */
    public boolean delete(UUID callId) throws IOException, InterruptedException {
        boolean there = here(callId).isPresent() && store.release(organizationId, callId);
        if (there) {
            keeper.clean(organizationId);
        }
        return there;
    }

    private Optional<Row> here(UUID callId) throws IOException {
        Optional<Row> row = store.find(organizationId, callId);
        if (row.isPresent() && !row.get().storage().equals(storage.name())) {
            throw new IOException("the recording is in " + row.get().storage() + ", not in " + storage.name()
                    + ": set RECALLER_RECORDINGS to where it is");
        }
        return row;
    }
}
