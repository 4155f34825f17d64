package dev.recaller.worker;

import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.sql.Folders;
import dev.recaller.worker.Configuration.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A worker's whole start and its first turns, with a database, a provider and a data folder of its own and a LiveKit that
 * is not there: what a JVM that records its classes and profiles has to have seen. Leaves nothing behind.
 */
public final class Preparation {

    /** Nobody listens at the port of the discard service. */
    private static final String NOBODY = "ws://127.0.0.1:9";

    private Preparation() {}

    /**
     * Blocks for some ten seconds.
     *
     * @param configuration of a tool; its cache, native library and default flow are used
     * @param progress told a line for each step that takes long
     */
    public static void run(Configuration configuration, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("recaller-prepare-");
        Path cache = configuration.folders().cache();
        try (var provider = LoopbackProvider.open();
                var database = EmbeddedDatabase.open(new Folders(folder.resolve("database"), cache), progress)) {
            progress.accept("Starting a worker and having a talk with it.");
            var settings = settings(folder, cache, provider, database);
            settings.put("RECALLER_FLOW", configuration.flow().toAbsolutePath().toString());
            if (configuration.liveKitLibrary() != null) {
                settings.put(
                        "RECALLER_LIVEKIT_FFI",
                        configuration.liveKitLibrary().toAbsolutePath().toString());
            }
            try (Service service = Service.start(Configuration.read(settings, folder, Purpose.WORKER))) {
                service.rehearse(() -> false);
            }
        } finally {
            delete(folder);
        }
    }

    private static Map<String, String> settings(
            Path folder, Path cache, LoopbackProvider provider, EmbeddedDatabase database) {
        return new HashMap<>(Map.of(
                "LIVEKIT_URL",
                NOBODY,
                "LIVEKIT_API_KEY",
                "prepare",
                "LIVEKIT_API_SECRET",
                "prepare",
                "OPENAI_BASE_URL",
                provider.url().toString(),
                "RECALLER_DATABASE_URL",
                database.urls().worker(),
                "RECALLER_HOME",
                folder.resolve("home").toString(),
                "RECALLER_CACHE",
                cache.toString(),
                "RECALLER_HTTP",
                "127.0.0.1:0",
                "RECALLER_CONTROL",
                "127.0.0.1:0"));
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (var found = Files.walk(folder)) {
            files = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
