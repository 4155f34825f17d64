package dev.recaller.worker.recording;

import dev.recaller.sql.DatabaseException;
import dev.recaller.worker.recording.RecordingListener.Outcome;
import dev.recaller.worker.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Brings finished recordings to where they are kept, and deletes those whose calls are gone. What fails is done again the next
 * time: files of this machine go only when the storage and the database have them, a row only when its files are gone.
 * Several processes on one storage do no harm to each other. One thread.
 */
final class Keeper {

    private static final Logger log = LoggerFactory.getLogger(Keeper.class);

    /** A worker that was storing it has said by now that it did, or has found that it is not to. */
    private static final Duration STILL_STORED = Duration.ofDays(1);

    private static final int AT_ONCE = 100;

    private final Spool spool;
    private final Storage storage;
    private final RecordingStore store;
    private final RecordingListener listener;
    private final InstantSource clock;
    private final Set<String> elsewhere = new HashSet<>();

    Keeper(Spool spool, Storage storage, RecordingStore store, RecordingListener listener, InstantSource clock) {
        this.spool = spool;
        this.storage = storage;
        this.store = store;
        this.listener = listener;
        this.clock = clock;
    }

    /** Stores what waits, then deletes what is to go. */
    void run() throws InterruptedException {
        try {
            store();
            clean();
        } catch (IOException | DatabaseException e) {
            log.warn("recordings are looked after later: {}", e.getMessage());
        }
    }

    private void store() throws IOException, InterruptedException {
        List<Spool.Left> left = spool.left();
        int waiting = 0;
        String why = "";
        for (Spool.Left recording : left) {
            try {
                store(recording);
            } catch (IOException | DatabaseException e) {
                waiting++;
                why = String.valueOf(e.getMessage());
            }
        }
        listener.waiting(waiting);
        if (waiting > 0) {
            log.warn("{} recordings of this machine are not stored yet and are tried again: {}", waiting, why);
        }
    }

    private void store(Spool.Left left) throws IOException, InterruptedException {
        String day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString();
        String object = Spool.name(left.organizationId()) + "/" + day + "/" + left.callId();
        Optional<RecordingStore.Row> row = store.begin(left.organizationId(), left.callId(), storage.name(), object);
        if (row.isEmpty()) {
            log.info("the recording of call {} is deleted: its call is gone or was never stored", left.callId());
            left.delete();
            listener.ended(Outcome.DISCARDED);
            return;
        }
        String kept = row.get().object();
        storage.put(kept + Spool.AUDIO, left.audio());
        if (Files.exists(left.transcript())) {
            storage.put(kept + Spool.TRANSCRIPT, left.transcript());
        }
        long bytes = Files.size(left.audio());
        if (store.stored(left.organizationId(), left.callId(), clock.instant(), duration(left), bytes)) {
            left.delete();
            listener.ended(Outcome.STORED);
        } else {
            log.info("the recording of call {} is deleted: its caller was erased", left.callId());
            delete(row.get());
            left.delete();
            listener.ended(Outcome.DISCARDED);
        }
    }

    private void clean() throws IOException, InterruptedException {
        int deleted = 0;
        try {
            for (Optional<String> organization = store.nextToClean("");
                    organization.isPresent();
                    organization = store.nextToClean(organization.get())) {
                deleted += clean(organization.get());
            }
        } finally {
            if (deleted > 0) {
                listener.deleted(deleted);
            }
        }
    }

    /** Deletes what is to go of one organization; how many there were. */
    int clean(String organizationId) throws IOException, InterruptedException {
        int deleted = 0;
        @Nullable UUID after = null;
        while (true) {
            List<RecordingStore.Row> rows = store.toDelete(organizationId, after, AT_ONCE);
            for (RecordingStore.Row row : rows) {
                if (clean(row)) {
                    deleted++;
                }
                after = row.callId();
            }
            if (rows.size() < AT_ONCE) {
                return deleted;
            }
        }
    }

    /** Its row stays while somebody may yet store it. */
    private boolean clean(RecordingStore.Row row) throws IOException, InterruptedException {
        if (!row.storage().equals(storage.name())) {
            if (elsewhere.add(row.storage())) {
                log.warn(
                        "recordings are to be deleted in {}, which is not where they are kept here: a worker whose"
                                + " RECALLER_RECORDINGS is there has to do it",
                        row.storage());
            }
            return false;
        }
        if (row.storedAt() == null && row.startedAt().plus(STILL_STORED).isAfter(clock.instant())) {
            deleteFiles(row);
            return false;
        }
        delete(row);
        return true;
    }

    private void delete(RecordingStore.Row row) throws IOException, InterruptedException {
        deleteFiles(row);
        store.deleted(row.organizationId(), row.callId());
    }

    private void deleteFiles(RecordingStore.Row row) throws IOException, InterruptedException {
        storage.delete(row.object() + Spool.AUDIO);
        storage.delete(row.object() + Spool.TRANSCRIPT);
    }

    private static @Nullable Long duration(Spool.Left left) throws IOException {
        if (!Files.exists(left.transcript())) {
            return null;
        }
        try {
            return JsonMapper.shared()
                    .readTree(Files.readString(left.transcript()))
                    .path("durationMs")
                    .longValue();
        } catch (JacksonException e) {
            return null; // cut short as it was written
        }
    }
}
