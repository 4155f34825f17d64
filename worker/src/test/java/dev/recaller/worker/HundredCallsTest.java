package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker takes calls for months: what a call opened, its end gives back. */
@EnabledOnOs(OS.LINUX)
final class HundredCallsTest {
    private static final int TO_WARM_UP = 10;
    private static final int CALLS = 100;
    /** Pools of connections grow and shrink by some; what leaks, leaks once a call. */
    private static final int BREATH = 6;

    @RegisterExtension
    static final LiveKitServerFixture liveKit = new LiveKitServerFixture();

    /** What this process holds, telephones included. */
    private record Holdings(long handles, long threads, long files, long heapBytes, long pssKilobytes) {
        static Holdings of(RunningWorker worker) throws IOException {
            System.gc();
            var handles = worker.stats().handles();
            var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            try (var threads = Files.list(Path.of("/proc/self/task"));
                    var memory = Files.lines(Path.of("/proc/self/smaps_rollup"))) {
                return new Holdings(
                        handles.handlesOwned() - handles.handlesDropped(),
                        threads.count(),
                        system.getOpenFileDescriptorCount(),
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                        memory.filter(line -> line.startsWith("Pss:"))
                                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                                .sum());
            }
        }
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
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> {
                        Holdings after = Holdings.of(worker);
                        assertThat(after.handles()).isLessThanOrEqualTo(before.handles());
                        assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + BREATH);
                        assertThat(after.files()).isLessThanOrEqualTo(before.files() + BREATH);
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
