package dev.recaller.worker;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the settings again when one of their files changes, or when it is asked to. What can change while calls go on does; of
 * the rest it is said that it waits for the next start. Settings with mistakes change nothing, and every mistake is told.
 */
final class Reload implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    static final String SECRETS = "RECALLER_SECRETS";
    /** Settings that {@code apply} follows. */
    private static final Set<String> FOLLOWED = Set.of("RECALLER_MAX_CALLS", "RECALLER_DRAIN_SECONDS", SECRETS);

    private final Supplier<Configuration> read;
    private final Consumer<Configuration> apply;
    private final Thread watching;
    private final Configuration started;
    /** In force, but for what waits for the next start. */
    private Configuration now;

    private List<FileStamp> stamps;

    /**
     * Watches from now on.
     *
     * @param started as it was read at the start
     * @param read throws {@link ConfigurationException} for settings with mistakes
     * @param apply takes what can change into use
     * @param pause how often the files are looked at
     */
    Reload(Configuration started, Supplier<Configuration> read, Consumer<Configuration> apply, Duration pause) {
        this.started = started;
        this.now = started;
        this.read = read;
        this.apply = apply;
        stamps = stamps(started);
        watching = Thread.ofVirtual().name("recaller-settings").start(() -> watch(pause));
    }

    private static List<FileStamp> stamps(Configuration configuration) {
        return configuration.sources().files().stream().map(FileStamp::of).toList();
    }

    private void watch(Duration pause) {
        try {
            while (true) {
                Thread.sleep(pause);
                look();
            }
        } catch (InterruptedException e) {
            log.debug("the settings are not watched any more");
        }
    }

    private synchronized void look() {
        if (!stamps(now).equals(stamps)) {
            again();
        }
    }

    /** Reads the settings now; any thread. */
    synchronized void again() {
        stamps = stamps(now);
        Configuration next;
        try {
            next = read.get();
        } catch (ConfigurationException e) {
            log.error(
                    "the settings have mistakes, those before stay in force: {}",
                    String.valueOf(e.getMessage()).lines().map(String::strip).collect(Collectors.joining(" | ")));
            return;
        }
        apply.accept(next);
        List<String> followed = now.sources().changed(next.sources()).stream()
                .filter(FOLLOWED::contains)
                .toList();
        List<String> waiting = started.sources().changed(next.sources()).stream()
                .filter(name -> !FOLLOWED.contains(name))
                .toList();
        log.info(
                "settings read again: {}{}",
                followed.isEmpty() ? "" : "in force now: " + String.join(", ", followed) + "; ",
                "the secrets of flows as their file has them");
        if (!waiting.isEmpty()) {
            log.warn(
                    "these settings are others since the start and wait for the next one: {}",
                    String.join(", ", waiting));
        }
        now = next;
        stamps = stamps(next);
    }

    @Override
    public void close() {
        watching.interrupt();
    }
}
