package dev.recaller.worker;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where LiveKit's server is and how to sign for it. Its text holds no secret. */
public record LiveKitAccess(URI url, String key, String secret) {

    /** @param required whether its absence is a mistake */
    static @Nullable LiveKitAccess read(Settings settings, boolean required) {
        URI url = settings.url("LIVEKIT_URL", Set.of("ws", "wss", "http", "https"), "wss://example.livekit.cloud");
        String key = settings.get("LIVEKIT_API_KEY");
        String secret = settings.get("LIVEKIT_API_SECRET");
        if (required && settings.get("LIVEKIT_URL") == null) {
            settings.wrong("LIVEKIT_URL is not set: set it to LiveKit's server, for example ws://127.0.0.1:7880.");
        }
        if (required && key == null) {
            settings.wrong("LIVEKIT_API_KEY is not set: set it to a key LiveKit's server knows.");
        }
        if (required && secret == null) {
            settings.wrong("LIVEKIT_API_SECRET is not set: set it to the secret of LIVEKIT_API_KEY.");
        }
        return url == null || key == null || secret == null ? null : new LiveKitAccess(url, key, secret);
    }

    /** The native library: as it is set, else the newest that set-up put into the cache. */
    static @Nullable Path library(Settings settings, Path cache, Path folder, boolean required) {
        String value = settings.get("RECALLER_LIVEKIT_FFI");
        if (value != null) {
            Path library = folder.resolve(value);
            if (!Files.isRegularFile(library)) {
                settings.wrong("RECALLER_LIVEKIT_FFI", value, "a file: name a liblivekit_ffi, or unset it");
            }
            return library;
        }
        var library = Settings.list(cache)
                .filter(entry -> entry.getFileName().toString().startsWith("livekit-ffi-"))
                .map(entry -> entry.resolve(System.mapLibraryName("livekit_ffi")))
                .filter(Files::isRegularFile)
                .max(Comparator.comparingLong(file -> file.toFile().lastModified()));
        if (library.isEmpty() && required) {
            settings.wrong("There is no liblivekit_ffi in " + cache
                    + ": run bin/setup, or set RECALLER_LIVEKIT_FFI to the library.");
        }
        return library.orElse(null);
    }

    @Override
    public String toString() {
        return "LiveKit[" + url + "]";
    }
}
