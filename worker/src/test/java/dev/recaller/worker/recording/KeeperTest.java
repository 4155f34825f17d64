package dev.recaller.worker.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.EndReason;
import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.privacy.Erased;
import dev.recaller.memory.privacy.Erasure;
import dev.recaller.memory.privacy.Retention;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.caller.NumberHash;
import dev.recaller.worker.recording.RecordingListener.Outcome;
import dev.recaller.worker.store.CallStore;
import dev.recaller.worker.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings on their way to a storage and out of it, with a real PostgreSQL. */
class KeeperTest {

    private static final String KEY = "a key of the tests";
    private static final String ORGANIZATION = "acme.de";
    private static final String NUMBER = "+14155550123";

    private static EmbeddedDatabase embedded;
    private static Database database;

    @TempDir
    private Path folder;

    private Instant now = Instant.parse("2026-11-25T10:00:00Z");
    private final List<Outcome> outcomes = new ArrayList<>();
    private Fragile storage;
    private RecordingStore store;
    private Spool spool;
    private Keeper keeper;

    @BeforeAll
    static void open() {
        embedded = EmbeddedDatabase.temporary();
        database = Database.open(embedded.urls().worker(), 4);
    }

    @AfterAll
    static void close() {
        database.close();
        embedded.close();
    }

    @AfterEach
    void empty() throws Exception {
        try (var owner = Database.open(embedded.urls().owner(), 1);
                var connection = owner.connection();
                var statement = connection.createStatement()) {
            statement.execute("truncate recaller.recordings, recaller.calls cascade");
            connection.commit();
        }
    }

    @BeforeEach
    void keeper() throws IOException {
        storage = new Fragile(FolderStorage.open(folder.resolve("kept")));
        store = RecordingStore.in(database);
        spool = new Spool(folder.resolve("unfinished"));
        keeper = new Keeper(
                spool,
                storage,
                store,
                new RecordingListener() {
                    @Override
                    public void ended(Outcome outcome) {
                        outcomes.add(outcome);
                    }
                },
                () -> now);
    }

    @Test
    void aFinishedRecordingIsStoredAndIsOnThisMachineNoLonger() throws Exception {
        UUID call = recorded(NUMBER, 30);
        keeper.run();
        assertThat(files("kept"))
                .containsExactlyInAnyOrder(
                        "acme%2Ede/2026-11-25/" + call + ".json",
                        "acme%2Ede/2026-11-25/" + call + ".ogg",
                        "recordings-of");
        assertThat(files("unfinished")).isEmpty();
        RecordingStore.Row row = store.find(ORGANIZATION, call).orElseThrow();
        assertThat(row.storage()).startsWith("folder:");
        assertThat(row.storedAt()).isEqualTo(now);
        assertThat(row.durationMs()).isEqualTo(1234);
        assertThat(row.bytes()).isEqualTo(5);
        assertThat(outcomes).containsExactly(Outcome.STORED);
        assertThat(rows("select string_agg(r::text, '') from recordings r")).doesNotContain("4155550123");
    }

    @Test
    void aRecordingThatIsStillWrittenIsLeftAlone() throws Exception {
        UUID call = called(NUMBER, 30);
        try (var unfinished = spool.create(ORGANIZATION, call)) {
            unfinished.out().write(1);
            keeper.run();
            assertThat(store.find(ORGANIZATION, call)).isEmpty();
        }
        keeper.run();
        assertThat(store.find(ORGANIZATION, call)).isPresent();
    }

    @Test
    void aWorkerThatEndsStoresAllThatItStillRecordedHoweverLongTheirLastSecondsTake() throws Exception {
        var recorded = new ArrayList<UUID>();
        var unfinished = folder.resolve("unfinished");
        try (var recordings = Recordings.open(
                new Place.Folder(folder.resolve("kept")), unfinished, store, RecordingListener.NONE, () -> now)) {
            for (int seconds = 0; seconds < 7; seconds++) {
                UUID call = called(NUMBER, 30);
                var recording = recordings.of(new About(call, ORGANIZATION, "front-desk", 1, null));
                recording.start(0);
                for (int frame = 1; frame <= 50 * seconds + 1; frame++) {
                    recording.caller(new short[320], TimeUnit.MILLISECONDS.toNanos(20L * frame));
                }
                recorded.add(call);
            }
        }
        assertThat(recorded)
                .allSatisfy(call -> assertThat(store.find(ORGANIZATION, call))
                        .hasValueSatisfying(row -> assertThat(row.storedAt()).isEqualTo(now)));
        assertThat(files("unfinished")).isEmpty();
    }

    @Test
    void whileTheStorageIsAwayARecordingStaysOnThisMachineAndIsStoredLater() throws Exception {
        UUID call = recorded(NUMBER, 30);
        storage.away = true;
        keeper.run();
        assertThat(files("unfinished")).hasSize(2);
        assertThat(store.find(ORGANIZATION, call).orElseThrow().storedAt()).isNull();
        storage.away = false;
        now = now.plus(Duration.ofDays(1));
        keeper.run();
        assertThat(files("unfinished")).isEmpty();
        assertThat(files("kept")).as("under the name the row has").contains("acme%2Ede/2026-11-25/" + call + ".ogg");
    }

    @Test
    void aRecordingWhoseCallHasNoRowBelongsToNobodyAndIsDeleted() throws Exception {
        record(UUID.randomUUID());
        keeper.run();
        assertThat(files("unfinished")).isEmpty();
        assertThat(files("kept")).containsExactly("recordings-of");
        assertThat(outcomes).containsExactly(Outcome.DISCARDED);
    }

    @Test
    void erasingACallerDeletesTheirRecordingsAndTheReceiptSaysHowMany() throws Exception {
        UUID erased = recorded(NUMBER, 30);
        UUID kept = recorded("+14155550199", 30);
        keeper.run();
        assertThat(erase(NUMBER)).containsEntry("recordings", 1L);
        assertThat(store.list(ORGANIZATION, 10))
                .extracting(RecordingStore.Row::callId)
                .containsExactly(kept);
        keeper.run();
        assertThat(files("kept"))
                .noneMatch(name -> name.contains(erased.toString()))
                .anyMatch(name -> name.contains(kept.toString()));
        assertThat(rows("select count(*) from recordings where id = '" + erased + "'"))
                .isEqualTo("0");
    }

    @Test
    void aStorageThatIsAwayIsAskedAgainAndTheRowStaysUntilTheFilesAreGone() throws Exception {
        UUID call = recorded(NUMBER, 30);
        keeper.run();
        erase(NUMBER);
        storage.away = true;
        keeper.run();
        assertThat(rows("select count(*) from recordings where call_id is null"))
                .isEqualTo("1");
        storage.away = false;
        keeper.run();
        assertThat(store.find(ORGANIZATION, call)).isEmpty();
        assertThat(files("kept")).containsExactly("recordings-of");
    }

    @Test
    void whoIsErasedWhileTheirRecordingIsStoredIsNotLeftBehind() throws Exception {
        UUID call = recorded(NUMBER, 30);
        storage.afterPut = () -> erase(NUMBER);
        keeper.run();
        assertThat(files("kept")).containsExactly("recordings-of");
        assertThat(files("unfinished")).isEmpty();
        assertThat(store.find(ORGANIZATION, call)).isEmpty();
        assertThat(outcomes).containsExactly(Outcome.DISCARDED);
    }

    @Test
    void aRecordingThatSomebodyMayYetStoreIsLookedForAgainUntilADayHasPassed() throws Exception {
        UUID call = called(NUMBER, 30);
        store.begin(ORGANIZATION, call, storage.name(), "acme%2Ede/x");
        erase(NUMBER);
        keeper.run();
        assertThat(store.find(ORGANIZATION, call)).isPresent();
        storage.put("acme%2Ede/x.ogg", Files.writeString(folder.resolve("late"), "late"));
        now = now.plus(Duration.ofDays(2));
        keeper.run();
        assertThat(store.find(ORGANIZATION, call)).isEmpty();
        assertThat(files("kept")).containsExactly("recordings-of");
    }

    @Test
    void aCallThatIsPastItsTimeTakesItsRecordingWithIt() throws Exception {
        UUID call = recorded(NUMBER, 30);
        keeper.run();
        new Retention(database, () -> now.plus(Duration.ofDays(29)), Map.of()).sweep();
        keeper.run();
        assertThat(files("kept")).anyMatch(name -> name.endsWith(call + ".ogg"));
        new Retention(database, () -> now.plus(Duration.ofDays(31)), Map.of()).sweep();
        keeper.run();
        assertThat(files("kept")).containsExactly("recordings-of");
        assertThat(store.find(ORGANIZATION, call)).isEmpty();
    }

    @Test
    void anotherDiskInTheFoldersPlaceIsNotTakenForOneWhoseRecordingsAreDeleted() throws Exception {
        recorded(NUMBER, 30);
        keeper.run();
        erase(NUMBER);
        Path kept = folder.resolve("kept");
        Files.move(kept, folder.resolve("unmounted"));
        Files.createDirectory(kept);
        keeper.run();
        assertThat(rows("select count(*) from recordings where call_id is null"))
                .isEqualTo("1");
        Files.delete(kept);
        Files.move(folder.resolve("unmounted"), kept);
        keeper.run();
        assertThat(rows("select count(*) from recordings where call_id is null"))
                .isEqualTo("0");
        assertThat(files("kept")).containsExactly("recordings-of");
    }

    /** A storage that may be away, and in whose midst something may happen. */
    private static final class Fragile implements Storage {
        private final Storage storage;
        private boolean away;
        private Runnable afterPut = () -> {};

        Fragile(Storage storage) {
            this.storage = storage;
        }

        @Override
        public String name() {
            return storage.name();
        }

        @Override
        public void put(String object, Path file) throws IOException, InterruptedException {
            answer();
            storage.put(object, file);
            afterPut.run();
        }

        @Override
        public boolean get(String object, Path file) throws IOException, InterruptedException {
            answer();
            return storage.get(object, file);
        }

        @Override
        public void delete(String object) throws IOException, InterruptedException {
            answer();
            storage.delete(object);
        }

        private void answer() throws IOException {
            if (away) {
                throw new IOException("the storage does not answer");
            }
        }
    }

    private UUID recorded(String number, int retentionDays) throws IOException {
        UUID call = called(number, retentionDays);
        record(call);
        return call;
    }

    private void record(UUID call) throws IOException {
        try (var unfinished = spool.create(ORGANIZATION, call)) {
            unfinished.out().write("audio".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            unfinished.transcript("{\"durationMs\": 1234}");
        }
    }

    private UUID called(String number, int retentionDays) {
        var calls = CallStore.in(database, () -> {});
        var call = new CallStore.Call(
                UUID.randomUUID(),
                ORGANIZATION,
                "front-desk",
                1,
                retentionDays,
                new CallStore.Telephone("r", null, null, null, null, null, new NumberHash(KEY).of(number)),
                now,
                now,
                null,
                null,
                null);
        assertThat(calls.save(call)).isTrue();
        assertThat(calls.end(call.ended(now, EndReason.CALLER_HANGUP), true)).isTrue();
        return call.id();
    }

    private Map<String, Long> erase(String number) {
        try (var memory = new UnifiedMemoryService(database, () -> now, KEY, null)) {
            var erasure = new Erasure(database, () -> now, memory, new IdentityHash(KEY));
            var identity = MemoryIdentity.ofPhone(ORGANIZATION, number);
            Map<String, Long> expected = ((Erased.Preview) erasure.preview(identity)).counts();
            Map<String, Long> counts =
                    ((Erased.Done) erasure.erase(identity, "test")).receipt().counts();
            assertThat(counts.get("recordings")).isEqualTo(expected.get("recordings"));
            return counts;
        }
    }

    private List<String> files(String where) throws IOException {
        Path top = folder.resolve(where);
        if (!Files.exists(top)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(top)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> top.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static String rows(String query) throws Exception {
        try (var reader = Database.open(embedded.urls().reader(), 1);
                var connection = reader.connection();
                var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            result.next();
            return String.valueOf(result.getObject(1));
        }
    }
}
