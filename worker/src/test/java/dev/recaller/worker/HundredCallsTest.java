package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.sql.Database;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker takes calls for months: what a call opened, its end gives back. */
@EnabledOnOs(OS.LINUX)
final class HundredCallsTest {
    private static final int TO_WARM_UP = 10;
    private static final int CALLS = 100;
    /** Threads of pools come and go; what leaks, leaks once a call. */
    private static final int BREATH = 4;
    /** What {@link Database} opens at most. */
    private static final long MOST_TO_DATABASE = 10;
    /** One call at a time: the greeting, a transcription that is overtaken by another, the request that warms up. */
    private static final long MOST_TO_SPEECH = 4;

    @RegisterExtension
    static final LiveKitServerFixture liveKit = new LiveKitServerFixture();

    /**
     * What this process holds, telephones included.
     *
     * @param files by kind, without the connections that two pools keep
     */
    private record Holdings(
            long handles,
            long threads,
            Map<String, Long> files,
            long toDatabase,
            long toSpeech,
            long heapBytes,
            long pssKilobytes) {
        static Holdings of(RunningWorker worker) throws IOException {
            System.gc();
            var handles = worker.stats().handles();
            Map<String, Long> files = OpenFiles.byKind(Map.of(
                    worker.postgres().port(), "database",
                    worker.postgres().targetPort(), "proxy",
                    worker.speech().port(), "speech",
                    worker.speech().targetPort(), "proxy"));
            files.remove("proxy");
            Long toDatabase = files.remove("database");
            Long toSpeech = files.remove("speech");
            try (var threads = Files.list(Path.of("/proc/self/task"));
                    var memory = Files.lines(Path.of("/proc/self/smaps_rollup"))) {
                return new Holdings(
                        handles.handlesOwned() - handles.handlesDropped(),
                        threads.count(),
                        files,
                        bothEnds(toDatabase),
                        bothEnds(toSpeech),
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                        memory.filter(line -> line.startsWith("Pss:"))
                                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                                .sum());
            }
        }
    }

    /** The pool's end and the proxy's, which is in this process too. */
    private static long bothEnds(@Nullable Long sockets) {
        return sockets == null ? 0 : sockets / 2;
    }

    @Test
    void leaveNothingBehind() throws Exception {
        try (var worker = RunningWorker.start(liveKit)) {
            for (int i = 0; i < TO_WARM_UP; i++) {
                call(worker);
            }
            Holdings before = Holdings.of(worker);
            for (int i = 0; i < CALLS; i++) {
                call(worker);
            }
            await("threads and files that are given back a little later")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> {
                        Holdings after = Holdings.of(worker);
                        assertThat(after.handles()).isLessThanOrEqualTo(before.handles());
                        assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + BREATH);
                        assertThat(after.files())
                                .as("open files by kind; none may have grown")
                                .allSatisfy((kind, count) -> assertThat(count)
                                        .isLessThanOrEqualTo(before.files().getOrDefault(kind, 0L)));
                        assertThat(after.toDatabase()).isLessThanOrEqualTo(MOST_TO_DATABASE);
                        assertThat(after.toSpeech()).isLessThanOrEqualTo(MOST_TO_SPEECH);
                        assertThat(after.heapBytes()).isLessThan(before.heapBytes() + (8 << 20));
                    });
            Holdings after = Holdings.of(worker);
            System.out.printf(
                    Locale.ROOT,
                    "%d calls: before %s, after %s; resident memory (PSS) grew by %.2f MiB a call, both ends of it%n",
                    CALLS,
                    before,
                    after,
                    (after.pssKilobytes() - before.pssKilobytes()) / 1024.0 / CALLS);
        }
    }

    /** A caller who hangs up at the first word. */
    private static void call(RunningWorker worker) throws Exception {
        try (var phone = worker.phone("+14155550100").answered()) {
            phone.agentBegins();
            phone.hangUp();
        }
        worker.awaitNoCalls();
    }
}
