package dev.recaller.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.EndReason;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.sql.Folders;
import dev.recaller.worker.command.RecallerProcess.Ended;
import dev.recaller.worker.recording.About;
import dev.recaller.worker.recording.Place;
import dev.recaller.worker.recording.RecordingListener;
import dev.recaller.worker.recording.Recordings;
import dev.recaller.worker.store.CallStore;
import dev.recaller.worker.store.RecordingStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator does about recordings, command by command, each a process of its own. */
class RecordingCommandsTest {

    private static final String WORDS = "I have a question about roses.";
    private static final Instant BEGAN = Instant.parse("2026-11-25T10:00:00Z");

    @TempDir(cleanup = CleanupMode.ALWAYS)
    private Path folder;

    @Test
    void aRecordingIsListedCopiedAndDeletedAndItsCallStays() throws Exception {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(environment());
        // As long as it is open here the commands share its server, which is quicker than starting it anew.
        try (EmbeddedDatabase embedded = EmbeddedDatabase.open(Folders.ofEnvironment(environment), _ -> {})) {
            assertThat(ok("recording", "list").out()).isEqualTo("call\tbegin\tseconds\tbytes\tstored\twhere\n");
            UUID call = recorded(embedded, "default");
            UUID others = recorded(embedded, "acme");
            listed(call);
            copied(call);
            keptElsewhere(call);
            deleted(call, others);
            audited();
        }
    }

    @Test
    void aPlaceThatCannotBeUsedIsToldWithWhatToDo() throws Exception {
        Files.writeString(folder.resolve("notes"), "");
        for (String place : List.of("notes", "notes/below")) {
            Ended refused = recaller(place, "recording", "list");
            assertThat(refused.exitCode()).isEqualTo(Main.FAILED);
            assertThat(refused.err())
                    .contains("recordings cannot be kept in " + folder.resolve(place) + ": ")
                    .contains("Let this user write there, or set RECALLER_RECORDINGS to another folder");
        }
        assertThat(recaller("notes", "recording", "list").err()).contains("it is a file");
        Ended misset = recaller("ftp://files", "recording", "list");
        assertThat(misset.exitCode()).isEqualTo(Main.MISUSED);
        assertThat(misset.err())
                .contains("These settings cannot be used:")
                .contains("RECALLER_RECORDINGS=ftp://files is not a folder or s3://BUCKET/PREFIX");
    }

    private void listed(UUID call) throws Exception {
        List<String> lines = ok("recording", "list").out().lines().toList();
        assertThat(lines).as("of this organization").hasSize(2);
        assertThat(lines.getLast().split("\t", -1))
                .hasSize(6)
                .contains(call.toString(), OrganizationCommand.TIME.format(BEGAN), "1")
                .satisfies(
                        columns -> assertThat(columns[5]).startsWith("folder:").endsWith("/" + call));
        JsonNode json =
                JsonMapper.shared().readTree(ok("recording", "list", "--json").out());
        assertThat(json).hasSize(1);
        assertThat(json.get(0).path("callId").stringValue()).isEqualTo(call.toString());
        assertThat(json.get(0).path("bytes").longValue()).isPositive();

        Ended none = recaller("", "recording", "list", "--limit", "0");
        assertThat(none.exitCode()).isEqualTo(Main.MISUSED);
        assertThat(none.err()).contains("--limit 0 is not 1 to 1000.");
    }

    private void copied(UUID call) throws Exception {
        Ended nowhere = recaller("", "recording", "get", call.toString(), "--out", "copies");
        assertThat(nowhere.exitCode()).isEqualTo(Main.MISUSED);
        assertThat(nowhere.err()).contains("--out copies is not a folder.");

        Path copies = Files.createDirectory(folder.resolve("copies"));
        assertThat(ok("recording", "get", call.toString(), "--out", "copies")
                        .out()
                        .lines())
                .containsExactly("copies/" + call + ".ogg", "copies/" + call + ".json");
        assertThat(new String(Files.readAllBytes(copies.resolve(call + ".ogg")), StandardCharsets.ISO_8859_1))
                .startsWith("OggS");
        assertThat(Files.readString(copies.resolve(call + ".json"))).contains(WORDS);

        Ended again = recaller("", "recording", "get", call.toString(), "--out", "copies");
        assertThat(again.exitCode()).isEqualTo(Main.FAILED);
        assertThat(again.err()).contains(call + ".ogg is there already: name another folder");
        Ended unknown = recaller("", "recording", "get", new UUID(0, 1).toString());
        assertThat(unknown.exitCode()).isEqualTo(Main.FAILED);
        assertThat(unknown.err()).contains("there is no recording of call " + new UUID(0, 1));
        assertThat(recaller("", "recording", "get", "roses").exitCode()).isEqualTo(Main.MISUSED);
    }

    private void keptElsewhere(UUID call) throws Exception {
        for (String command : List.of("get", "delete")) {
            Ended refused = recaller("another", "recording", command, call.toString());
            assertThat(refused.exitCode()).isEqualTo(Main.FAILED);
            assertThat(refused.err())
                    .contains("the recording is in folder:")
                    .contains("set RECALLER_RECORDINGS to where it is");
        }
        assertThat(ok("recording", "list").out()).contains(call.toString());
    }

    private void deleted(UUID call, UUID others) throws Exception {
        assertThat(recaller("", "recording", "delete", others.toString()).exitCode())
                .as("another organization's")
                .isEqualTo(Main.FAILED);
        assertThat(ok("recording", "delete", call.toString()).out()).contains("Deleted the recording of call " + call);
        assertThat(files())
                .noneMatch(file -> file.contains(call.toString()))
                .anyMatch(file -> file.contains(others.toString()));
        assertThat(ok("recording", "list").out()).doesNotContain(call.toString());
        assertThat(ok("psql", "SELECT count(*) FROM calls WHERE id = '" + call + "'")
                        .out()
                        .lines())
                .containsExactly("count", "1");
        Ended again = recaller("", "recording", "delete", call.toString());
        assertThat(again.exitCode()).isEqualTo(Main.FAILED);
        assertThat(again.err()).contains("there is no recording of call " + call);
        assertThat(ok("recording", "delete", others.toString(), "--org", "acme", "--json")
                        .out()
                        .strip())
                .isEqualTo("{\"deleted\":\"" + others + "\"}");
    }

    private void audited() throws Exception {
        assertThat(ok("psql", "SELECT DISTINCT action FROM audit WHERE organization_id = 'default' ORDER BY 1")
                        .out()
                        .lines())
                .containsExactly("action", "recording_delete", "recording_get", "recording_list");
    }

    /** A second of a call's silence, as a worker records and stores it. */
    private UUID recorded(EmbeddedDatabase embedded, String organization) throws Exception {
        var id = UUID.randomUUID();
        try (Database database = Database.open(embedded.urls().worker(), 2)) {
            var call = CallStore.Call.ofText(id, organization, "front-desk", 1, 30, BEGAN);
            var calls = CallStore.in(database, () -> {});
            assertThat(calls.save(call)).isTrue();
            assertThat(calls.end(call.ended(BEGAN.plusSeconds(9), EndReason.CALLER_HANGUP), true))
                    .isTrue();
            try (var recordings = Recordings.open(
                    new Place.Folder(folder.resolve("home/recordings")),
                    folder.resolve("unfinished"),
                    RecordingStore.in(database),
                    RecordingListener.NONE,
                    InstantSource.system())) {
                long start = System.nanoTime();
                var recording = recordings.of(new About(id, organization, "front-desk", 1, null));
                recording.start(start);
                for (int frame = 1; frame <= 50; frame++) {
                    recording.caller(new short[320], start + TimeUnit.MILLISECONDS.toNanos(20L * frame));
                }
                recording.callerSaid(WORDS, start, start + TimeUnit.SECONDS.toNanos(1), List.of());
                recording.end();
            }
        }
        return id;
    }

    private List<String> files() throws Exception {
        try (Stream<Path> files = Files.walk(folder.resolve("home/recordings"))) {
            return files.map(Path::toString).toList();
        }
    }

    private Ended ok(String... arguments) throws Exception {
        return recaller("", arguments).ok();
    }

    /** @param place of RECALLER_RECORDINGS */
    private Ended recaller(String place, String... arguments) throws Exception {
        Map<String, String> environment = new HashMap<>(environment());
        if (!place.isEmpty()) {
            environment.put("RECALLER_RECORDINGS", place);
        }
        return RecallerProcess.run(environment, folder, "", arguments);
    }

    private Map<String, String> environment() {
        return Map.of("RECALLER_HOME", folder.resolve("home").toString());
    }
}
