package dev.recaller.worker.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.worker.recording.RecordingListener.Outcome;
import dev.recaller.worker.speech.Word;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class LiveRecordingTest {

    private static final long START = 5_000_000_000L;
    private static final UUID CALL = UUID.fromString("019a0b51-77e3-7d4c-9f3e-0242ac120002");

    @TempDir
    private Path folder;

    private final AtomicLong now = new AtomicLong(START);
    private final AtomicInteger finished = new AtomicInteger();
    private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();

    @Test
    void eachSideIsHeardWhereItWasSaidAndOnItsOwnChannelOnly() throws Exception {
        var recording = recording(new Spool(folder)::create);
        recording.start(START);
        short[] callers = Tones.tone(16_000, 400, 1_000);
        short[] agents = Tones.tone(24_000, 700, 1_000);
        exchange(recording, 1_000, null, null);
        exchange(recording, 1_000, callers, null);
        exchange(recording, 500, null, null);
        exchange(recording, 1_000, null, agents);
        exchange(recording, 500, null, null);
        exchange(recording, 1_000, callers, agents);
        recording.end();
        await().until(() -> finished.get() == 1);

        Played played = played();
        assertThat(played.ended()).isTrue();
        assertThat(played.millis()).isBetween(4_980, 5_040);
        assertThat(Tones.loudness(played.left(), 100, 900)).isLessThan(20);
        assertThat(Tones.loudness(played.left(), 1_100, 1_900)).isGreaterThan(3_000);
        assertThat(Tones.loudness(played.right(), 100, 2_450)).isLessThan(20);
        assertThat(Tones.loudness(played.left(), 2_100, 3_950)).isLessThan(20);
        assertThat(Tones.loudness(played.right(), 2_600, 3_400)).isGreaterThan(3_000);
        assertThat(Tones.loudness(played.left(), 4_100, 4_900)).isGreaterThan(3_000);
        assertThat(Tones.loudness(played.right(), 4_100, 4_900)).isGreaterThan(3_000);
        assertThat(outcomes).isEmpty();
    }

    @Test
    void theTranscriptHasWhatWasSaidSinceTheStartInItsOrderAndFitsItsSchema() throws Exception {
        var recording = recording(new Spool(folder)::create);
        recording.callerSaid("Before anything was recorded.", START - 900_000_000, START - 100_000_000, List.of());
        recording.start(START);
        recording.callerSaid(
                "Hello?",
                START - 300_000_000,
                START + 200_000_000,
                List.of(new Word("Hello?", START - 200_000_000, START + 150_000_000)));
        exchange(recording, 3_000, null, Tones.tone(24_000, 700, 3_000));
        recording.callerSaid("Excuse me.", START + 2_500_000_000L, START + 2_900_000_000L, List.of());
        recording.agentSaid("We are open from Monday", START + 1_000_000_000L, START + 2_800_000_000L, true);
        recording.end();
        await().until(() -> finished.get() == 1);

        String json = Files.readString(folder.resolve("acme%2Ede").resolve(CALL + ".json"));
        JsonNode transcript = JsonMapper.shared().readTree(json);
        assertThat(transcript.path("turns").toString())
                .isEqualTo("[{\"speaker\":\"caller\",\"fromMs\":0,\"toMs\":200,\"text\":\"Hello?\","
                        + "\"words\":[{\"text\":\"Hello?\",\"fromMs\":0,\"toMs\":150}]},"
                        + "{\"speaker\":\"agent\",\"fromMs\":1000,\"toMs\":2800,\"text\":\"We are open from Monday\",\"cutShort\":true},"
                        + "{\"speaker\":\"caller\",\"fromMs\":2500,\"toMs\":2900,\"text\":\"Excuse me.\"}]");
        assertThat(transcript.path("complete").booleanValue()).isTrue();
        assertThat(transcript.path("durationMs").intValue()).isBetween(3_000, 3_020);
        assertThat(transcript.path("consent").stringValue()).isEqualTo("This call is recorded.");
        assertThat(transcript.path("flow").toString()).isEqualTo("{\"id\":\"front-desk\",\"version\":3}");
        assertThat(TranscriptSchema.mistakes(json)).isEmpty();
        assertThat(TranscriptSchema.mistakes(json.replace("\"agent\"", "\"robot\"")))
                .isNotEmpty();
        assertThat(TranscriptSchema.mistakes(json.replace("\"toMs\":2900", "\"phone\":\"+14155550123\"")))
                .isNotEmpty();
    }

    @Test
    void whatWasWrittenWhenAProcessDiesIsAWholeFile() throws Exception {
        var recording = recording(new Spool(folder)::create);
        recording.start(START);
        exchange(recording, 6_000, Tones.tone(16_000, 400, 6_000), Tones.tone(24_000, 700, 6_000));
        Path file = file();
        now.addAndGet(TimeUnit.SECONDS.toNanos(3));
        await().until(() ->
                Files.size(file) > 1_000 && Played.of(Files.readAllBytes(file)).millis() > 2_500);
        byte[] asTheyLie = Files.readAllBytes(file);
        Played played = Played.of(asTheyLie);
        assertThat(played.ended()).isFalse();
        assertThat(played.millis()).isGreaterThan(2_000);
        assertThat(Tones.loudness(played.left(), 500, 1_900)).isGreaterThan(2_000);

        Played torn = Played.of(Arrays.copyOf(asTheyLie, asTheyLie.length - 333));
        assertThat(torn.millis())
                .as("a page that was half written costs its second")
                .isGreaterThan(1_000);
        recording.end();
        await("its files are closed").until(() -> finished.get() == 1);
    }

    @Test
    void aDiskThatHangsEndsTheRecordingAndNeverHoldsUpTheCall() throws Exception {
        var disk = new CountDownLatch(1);
        var recording = recording((_, _) -> new TestDisk(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                hang(disk);
            }

            @Override
            public void write(byte[] bytes) throws IOException {
                hang(disk);
            }
        }));
        recording.start(START);
        long longest = 0;
        for (int i = 0; i < 600; i++) {
            long before = System.nanoTime();
            exchange(recording, 20, null, Tones.tone(24_000, 700, 20));
            longest = Math.max(longest, System.nanoTime() - before);
        }
        assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(2));
        recording.end();
        assertThat(finished).hasValue(0);
        disk.countDown();
        await().until(() -> finished.get() == 1);
        assertThat(outcomes).containsExactly(Outcome.CUT_SHORT);
    }

    @Test
    void aFullDiskEndsTheRecordingAndWhatIsThereIsPlayed() throws Exception {
        var written = new ByteArrayOutputStream();
        var recording = recording((_, _) -> new TestDisk(new OutputStream() {
            @Override
            public void write(int b) {
                written.write(b);
            }

            @Override
            public void write(byte[] bytes) throws IOException {
                if (written.size() + bytes.length > 8_000) {
                    throw new IOException("No space left on device");
                }
                written.write(bytes);
            }
        }));
        recording.start(START);
        for (int i = 0; i < 60 && finished.get() == 0; i++) {
            exchange(recording, 1_000, Tones.tone(16_000, 400, 1_000), Tones.tone(24_000, 700, 1_000));
            int soFar = written.size();
            await().until(() -> written.size() > soFar || finished.get() == 1 || now.get() < START + 4_000_000_000L);
        }
        assertThat(finished).hasValue(1);
        assertThat(outcomes).containsExactly(Outcome.CUT_SHORT);
        exchange(recording, 1_000, null, null);
        recording.end();
        Played played = Played.of(written.toByteArray());
        assertThat(played.millis()).isGreaterThan(900);
    }

    @Test
    void aCallThatWasNeverAnsweredLeavesNoFile() throws Exception {
        var recording = recording(new Spool(folder)::create);
        exchange(recording, 500, Tones.tone(16_000, 400, 500), null);
        recording.callerSaid("Hello?", START, START + 1, List.of());
        recording.end();
        assertThat(finished).hasValue(1);
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void onlyTheWorkersUserMayRead() throws Exception {
        var recording = recording(new Spool(folder.resolve("new"))::create);
        recording.start(START);
        recording.end();
        await().until(() -> finished.get() == 1);
        try (var files = Files.walk(folder.resolve("new"))) {
            assertThat(files.map(LiveRecordingTest::permissions).distinct())
                    .containsExactlyInAnyOrder("rwx------", "rw-------");
        }
    }

    private LiveRecording recording(Unfinished.Source source) {
        return new LiveRecording(
                new About(CALL, "acme.de", "front-desk", 3, "This call is recorded."),
                source,
                new RecordingListener() {
                    @Override
                    public void ended(Outcome outcome) {
                        outcomes.add(outcome);
                    }
                },
                now::get,
                () -> Instant.parse("2026-11-25T10:00:00Z"),
                _ -> finished.incrementAndGet());
    }

    /** As the caller's thread and the pacer do it, in simulated time. */
    private void exchange(LiveRecording recording, int millis, short @Nullable [] callers, short @Nullable [] agents) {
        var callerFrame = new short[320];
        var agentFrame = new short[240];
        for (int at = 0; at < millis; at += 10) {
            if (agents != null) {
                System.arraycopy(agents, at * 24, agentFrame, 0, 240);
            }
            recording.agent(agentFrame, agents != null, now.get());
            now.addAndGet(10_000_000);
            if (at % 20 == 10) {
                if (callers != null) {
                    System.arraycopy(callers, (at - 10) * 16, callerFrame, 0, 320);
                }
                recording.caller(callerFrame, now.get());
            }
        }
    }

    private Path file() {
        return folder.resolve("acme%2Ede").resolve(CALL + ".ogg");
    }

    private Played played() throws Exception {
        return Played.of(Files.readAllBytes(file()));
    }

    private static void hang(CountDownLatch disk) throws IOException {
        try {
            disk.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String permissions(Path path) {
        try {
            Set<java.nio.file.attribute.PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            return java.nio.file.attribute.PosixFilePermissions.toString(permissions);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Files of a disk of the test's. */
    private record TestDisk(OutputStream out) implements Unfinished {
        @Override
        public void transcript(String json) throws IOException {
            out.write(new byte[0]);
        }

        @Override
        public void close() {}
    }
}
