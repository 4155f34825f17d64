package dev.recaller.worker;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The default flow and the flows in its folder. A file that changed is read again for the next call; while it is broken,
 * the last version that worked goes on. Safe for use by many threads.
 */
final class Flows {
    private static final Logger log = LoggerFactory.getLogger(Flows.class);

    private record Loaded(@Nullable Flow flow, FileTime changed) {}

    private final Path standard;
    private final Map<Path, Loaded> loaded = new ConcurrentHashMap<>();

    private Flows(Path standard) {
        this.standard = standard;
    }

    /**
     * Reads the default flow.
     *
     * @throws ConfigurationException when it cannot run
     */
    static Flows open(Path standard) {
        Path file = standard.toAbsolutePath().normalize();
        var flows = new Flows(file);
        flows.loaded.put(file, new Loaded(read(file), changed(file)));
        return flows;
    }

    /**
     * Reads one flow.
     *
     * @throws ConfigurationException with everything that is wrong with it
     */
    static Flow read(Path file) {
        try {
            return Flow.read(file);
        } catch (InvalidFlowException e) {
            throw new ConfigurationException(e.complaints().stream()
                    .map(complaint -> file + ": " + complaint)
                    .toList());
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(List.of(file + ": there is no such flow"));
        } catch (IOException e) {
            throw new ConfigurationException(List.of(file + " cannot be read: " + e.getMessage()));
        }
    }

    Flow standard() {
        return current(standard).orElseThrow(() -> new IllegalStateException("the default flow was read at start"));
    }

    /**
     * The flow for a call. Empty, with the reason in the log, when there is none that can run: another flow could greet
     * for another organization.
     *
     * @param name path of a file below the default flow's folder, {@code .json} may be left out; null is the default
     */
    Optional<Flow> forCall(@Nullable String name) {
        if (name == null || name.isBlank()) {
            return Optional.of(standard());
        }
        Path file = inside(name);
        if (file == null) {
            log.error("a job names flow '{}', which is no file below the folder of the default flow", name);
            return Optional.empty();
        }
        return current(file);
    }

    private Optional<Flow> current(Path file) {
        FileTime changed = changed(file);
        Loaded now = loaded.compute(
                file,
                (_, known) -> known != null && known.changed.equals(changed) ? known : load(file, changed, known));
        return Optional.ofNullable(now.flow);
    }

    private static Loaded load(Path file, FileTime changed, @Nullable Loaded before) {
        try {
            return new Loaded(read(file), changed);
        } catch (ConfigurationException e) {
            Flow good = before == null ? null : before.flow;
            log.error(
                    "{}: {}",
                    good == null ? "a flow cannot run" : "version " + good.version() + " of a flow goes on",
                    e.getMessage());
            return new Loaded(good, changed);
        }
    }

    /** A file that is gone counts as changed once. */
    private static FileTime changed(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** Links are followed first: what leaves the folder by one is outside too. */
    private @Nullable Path inside(String name) {
        try {
            Path folder = standard.resolveSibling("").toRealPath();
            for (String candidate : List.of(name, name + ".json")) {
                Path file = folder.resolve(candidate).normalize();
                if (Files.isRegularFile(file)) {
                    Path real = file.toRealPath();
                    return real.startsWith(folder) ? real : null;
                }
            }
        } catch (IOException | InvalidPathException e) {
            log.debug("the flow a job names cannot be looked for", e);
        }
        return null;
    }
}
