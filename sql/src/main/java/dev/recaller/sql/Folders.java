package dev.recaller.sql;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where Recaller keeps files on this machine.
 *
 * @param home what must not be lost: {@code RECALLER_HOME}, else the platform's data folder
 * @param cache what can be made again: {@code RECALLER_CACHE}, else the platform's cache folder
 */
public record Folders(Path home, Path cache) {

    public Folders {
        home = home.toAbsolutePath().normalize();
        cache = cache.toAbsolutePath().normalize();
    }

    public static Folders ofEnvironment(Map<String, String> environment) {
        Path user = Path.of(System.getProperty("user.home"));
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        Path data = mac
                ? user.resolve("Library/Application Support")
                : given(environment.get("XDG_DATA_HOME"), user.resolve(".local/share"));
        Path cache =
                mac ? user.resolve("Library/Caches") : given(environment.get("XDG_CACHE_HOME"), user.resolve(".cache"));
        return new Folders(
                given(environment.get("RECALLER_HOME"), data.resolve("recaller")),
                given(environment.get("RECALLER_CACHE"), cache.resolve("recaller")));
    }

    private static Path given(@Nullable String folder, Path otherwise) {
        return folder == null || folder.isBlank() ? otherwise : Path.of(folder);
    }
}
