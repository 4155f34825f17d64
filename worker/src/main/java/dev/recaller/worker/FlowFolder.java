package dev.recaller.worker;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import dev.recaller.worker.store.FlowContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The default flow and the flows in its folder. A file that changed is read again for the next call; while it is broken,
 * or says something else under a version that calls ran, the last version that worked goes on. What is wrong is told once
 * for each change. Safe for use by many threads.
 */
public final class FlowFolder {
    private static final Logger log = LoggerFactory.getLogger(FlowFolder.class);

    /** A flow with the text it was read from. */
    public record Document(Flow flow, String text) {}

    private record Version(String flowId, int version) {}

    private record Loaded(@Nullable Document good, FileStamp stamp) {}

    private final Path standard;
    private final Consumer<String> problems;
    private final Map<Path, Loaded> loaded = new ConcurrentHashMap<>();
    private final Map<Version, String> contentUsed = new ConcurrentHashMap<>();

    private FlowFolder(Path standard, Consumer<String> problems) {
        this.standard = standard;
        this.problems = problems;
    }

    /**
     * Reads the default flow.
     *
     * @param problems hears what is wrong with files later
     * @throws ConfigurationException when it cannot run
     */
    public static FlowFolder open(Path standard, Consumer<String> problems) {
        Path file = standard.toAbsolutePath().normalize();
        var flows = new FlowFolder(file, problems);
        flows.loaded.put(file, new Loaded(document(file), FileStamp.of(file)));
        return flows;
    }

    /**
     * Reads one flow.
     *
     * @throws ConfigurationException with everything that is wrong with it
     */
    public static Flow read(Path file) {
        return document(file).flow();
    }

    /**
     * As {@link #read}, with the text.
     *
     * @throws ConfigurationException with everything that is wrong with it
     */
    public static Document document(Path file) {
        try {
            String text = Files.readString(file);
            return new Document(Flow.parse(text), text);
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

    public Document standard() {
        return current(standard).orElseThrow(() -> new IllegalStateException("the default flow was read at start"));
    }

    /**
     * The flow of a file below the default flow's folder.
     *
     * @param name its path, {@code .json} may be left out
     */
    Optional<Document> named(String name) {
        return inside(name).flatMap(this::current);
    }

    /** Whether there is a file of this name, whatever is in it. */
    boolean exists(String name) {
        return inside(name).isPresent();
    }

    /** The flow with this id in the default flow's folder itself; of several the first, the default one before all. */
    Optional<Document> withId(String flowId) {
        Comparator<Path> order = Comparator.comparing(file -> !file.equals(standard));
        return folder().sorted(order.thenComparing(Comparator.naturalOrder()))
                .flatMap(file -> current(file).stream())
                .filter(document -> document.flow().id().equals(flowId))
                .findFirst();
    }

    /** A call runs this: its version stands for this content from now on. */
    void used(Document document) {
        contentUsed.putIfAbsent(version(document), FlowContent.of(document.text()));
    }

    /** Looks at every file in the folder, so that what is wrong is told before a call needs it. */
    void check() {
        Stream.concat(loaded.keySet().stream(), folder()).distinct().sorted().forEach(this::current);
    }

    /** Has {@link #check} done again and again, by a thread of its own, until it is closed. */
    AutoCloseable watch(Duration pause) {
        Thread watching = Thread.ofPlatform().daemon().name("recaller-flows").start(() -> {
            try {
                while (true) {
                    check();
                    Thread.sleep(pause);
                }
            } catch (InterruptedException e) {
                log.debug("the folder of flows is not watched any more");
            }
        });
        return watching::interrupt;
    }

    private Optional<Document> current(Path file) {
        FileStamp stamp = FileStamp.of(file);
        Loaded now = loaded.compute(
                file, (_, known) -> known != null && known.stamp.equals(stamp) ? known : load(file, stamp, known));
        return Optional.ofNullable(now).map(Loaded::good);
    }

    /** Null: there is nothing to remember of a file that is gone, unless it is the default flow's. */
    private @Nullable Loaded load(Path file, FileStamp stamp, @Nullable Loaded before) {
        Document good = before == null ? null : before.good;
        if (!stamp.exists() && !file.equals(standard)) {
            if (before != null) {
                problems.accept(file + " was deleted: calls that name it find no flow");
            }
            return null;
        }
        try {
            Document read = document(file);
            Version version = version(read);
            String content = FlowContent.of(read.text());
            if (!contentUsed.getOrDefault(version, content).equals(content)) {
                throw new ConfigurationException(
                        List.of(file + ": version " + version.version() + " of " + version.flowId()
                                + " was used by calls with another content: raise its version to "
                                + (version.version() + 1)));
            }
            if (before != null) {
                log.info("{}: version {} of {} is run from now on", file, version.version(), version.flowId());
            }
            return new Loaded(read, stamp);
        } catch (ConfigurationException e) {
            problems.accept((good == null
                            ? "a flow cannot run: "
                            : "version " + good.flow().version() + " of "
                                    + good.flow().id() + " goes on: ")
                    + e.getMessage());
            return new Loaded(good, stamp);
        }
    }

    private static Version version(Document document) {
        return new Version(document.flow().id(), document.flow().version());
    }

    /** The files of the folder itself, as the folder is named and not where links lead: what they lead to may change. */
    private Stream<Path> folder() {
        try (Stream<Path> files = Files.list(standard.resolveSibling(""))) {
            return files
                    .filter(file -> file.toString().endsWith(".json") && Files.isRegularFile(file))
                    .toList()
                    .stream();
        } catch (IOException | UncheckedIOException e) {
            return Stream.empty();
        }
    }

    /** What leaves the folder by a link is outside too. */
    private Optional<Path> inside(String name) {
        try {
            Path folder = standard.resolveSibling("");
            for (String candidate : List.of(name, name + ".json")) {
                Path file = folder.resolve(candidate).normalize();
                if (Files.isRegularFile(file)) {
                    return file.toRealPath().startsWith(folder.toRealPath()) ? Optional.of(file) : Optional.empty();
                }
            }
        } catch (IOException | InvalidPathException e) {
            log.debug("the flow a job names cannot be looked for", e);
        }
        return Optional.empty();
    }
}
