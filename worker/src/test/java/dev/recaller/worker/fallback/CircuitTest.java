package dev.recaller.worker.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.worker.speech.ProviderException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CircuitTest {

    private final Queue<Runnable> background = new ArrayDeque<>();
    private final AtomicInteger probes = new AtomicInteger();
    private long now;
    private final Circuit circuit = new Circuit("speech by openai/tts-1", () -> now, background::add);

    @Test
    void opensAfterFailuresInARowOnly() {
        circuit.failed(failure());
        circuit.succeeded();
        circuit.failed(failure());
        assertThat(circuit.isOpen()).isFalse();
        circuit.failed(ProviderException.late("it was late", null));
        assertThat(circuit.isOpen()).isTrue();
    }

    @Test
    void staysClosedWhenARequestIsRefusedForItsOwnFault() {
        for (int i = 0; i < 10; i++) {
            circuit.failed(ProviderException.refused("no such voice", null));
        }
        assertThat(circuit.isOpen()).isFalse();
    }

    @Test
    void sendsOneRequestAtATimeInTheBackgroundAndClosesWhenItSucceeds() {
        open();
        recover();
        assertThat(background).as("too early").isEmpty();
        now += Circuit.FIRST_WAIT.toNanos();
        for (int i = 0; i < 100; i++) {
            recover();
        }
        assertThat(background).hasSize(1);
        assertThat(circuit.isOpen()).isTrue();
        background.remove().run();
        assertThat(probes).hasValue(1);
        assertThat(circuit.isOpen()).isFalse();
        recover();
        assertThat(background).as("nothing to recover").isEmpty();
    }

    @Test
    void triesEverMoreSeldomUpToOnceAMinute() {
        open();
        for (Duration wait = Circuit.FIRST_WAIT;
                wait.compareTo(Circuit.LONGEST_WAIT) < 0;
                wait = wait.multipliedBy(2)) {
            assertThat(failsAgainAfter(wait)).isTrue();
        }
        assertThat(failsAgainAfter(Circuit.LONGEST_WAIT)).isTrue();
        assertThat(failsAgainAfter(Circuit.LONGEST_WAIT)).isTrue();
    }

    @Test
    void requestsThatWereUnderWayWhenItOpenedDoNotMakeTheWaitLonger() {
        open();
        for (int i = 0; i < 100; i++) {
            circuit.failed(failure());
        }
        assertThat(failsAgainAfter(Circuit.FIRST_WAIT)).isTrue();
    }

    private void open() {
        circuit.failed(failure());
        circuit.failed(failure());
    }

    /** Whether it is tried at this time, and not a moment before. */
    private boolean failsAgainAfter(Duration wait) {
        now += wait.toNanos() - 1;
        recover();
        boolean early = !background.isEmpty();
        now++;
        circuit.recover(() -> {
            throw failure();
        });
        boolean tried = background.size() == 1;
        background.forEach(Runnable::run);
        background.clear();
        return tried && !early;
    }

    private void recover() {
        circuit.recover(probes::incrementAndGet);
    }

    private static ProviderException failure() {
        return ProviderException.failed("it failed", null);
    }
}
