package dev.recaller.livekit.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** What {@code bin/setup} has installed. A test that needs a missing part is skipped; with CI=true it fails. */
public final class Installed {
    private Installed() {}

    /** LiveKit's native core: RECALLER_LIVEKIT_FFI, or the one in the cache. */
    public static Path nativeLibrary() {
        String named = System.getenv("RECALLER_LIVEKIT_FFI");
        if (named != null && !named.isBlank()) {
            return Path.of(named);
        }
        String file = mac() ? "liblivekit_ffi.dylib" : "liblivekit_ffi.so";
        for (Path folder : children(cache(), "livekit-ffi-*")) {
            if (Files.isRegularFile(folder.resolve(file))) {
                return folder.resolve(file);
            }
        }
        return missing("LiveKit's native library (" + file + ")");
    }

    /** The Python descriptors of the native core's own package. */
    public static Path nativeDescriptors() {
        Path folder = Objects.requireNonNull(nativeLibrary().toAbsolutePath().getParent());
        // Beside the library where bin/setup put it, or as the wheel has it: livekit/rtc/{resources,_proto}.
        for (Path candidate : List.of(folder.resolve("_proto"), folder.resolveSibling("_proto"))) {
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        return missing("The descriptors (_proto) of LiveKit's native library in " + folder);
    }

    /** livekit-server: LIVEKIT_SERVER_BIN, or the one on the PATH, or the one in the cache. */
    public static Path liveKitServer() {
        return program("LIVEKIT_SERVER_BIN", "livekit-server");
    }

    /** Prometheus: PROMETHEUS_BIN, or the one on the PATH, or the one in the cache. */
    public static Path prometheus() {
        return program("PROMETHEUS_BIN", "prometheus");
    }

    /** Prometheus's checker of rules: PROMTOOL_BIN, or the one on the PATH, or the one in the cache. */
    public static Path promtool() {
        return program("PROMTOOL_BIN", "promtool");
    }

    private static Path program(String variable, String name) {
        var candidates = new ArrayList<Path>();
        String named = System.getenv(variable);
        if (named != null && !named.isBlank()) {
            candidates.add(Path.of(named));
        } else {
            String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
            Pattern.compile(Pattern.quote(File.pathSeparator))
                    .splitAsStream(path)
                    .map(folder -> Path.of(folder, name))
                    .forEach(candidates::add);
            candidates.add(cache().resolve("bin").resolve(name));
        }
        for (Path candidate : candidates) {
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return missing(name);
    }

    private static Path cache() {
        String named = System.getenv("RECALLER_CACHE");
        if (named != null) {
            return Path.of(named);
        }
        String home = System.getProperty("user.home");
        if (mac()) {
            return Path.of(home, "Library", "Caches", "recaller");
        }
        String caches = System.getenv("XDG_CACHE_HOME");
        return (caches == null ? Path.of(home, ".cache") : Path.of(caches)).resolve("recaller");
    }

    private static boolean mac() {
        return System.getProperty("os.name").startsWith("Mac");
    }

    private static List<Path> children(Path folder, String pattern) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> matches = Files.newDirectoryStream(folder, pattern)) {
            matches.forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(null);
        return found.reversed();
    }

    private static Path missing(String what) {
        String message = what + " is not installed: run bin/setup";
        return "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
    }
}
