package dev.recaller.worker;

import dev.recaller.worker.control.ControlSettings;
import dev.recaller.worker.control.ControlSettings.Tls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads where the control API is. */
final class ControlPlace {

    private static final String ADDRESS = "RECALLER_CONTROL";
    private static final String CERTIFICATE = "RECALLER_CONTROL_CERTIFICATE";
    private static final String KEY = "RECALLER_CONTROL_KEY";
    private static final String CLIENT_CA = "RECALLER_CONTROL_CLIENT_CA";
    private static final String URL = "RECALLER_CONTROL_URL";
    private static final URI NOWHERE = URI.create("");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(?:\\.\\d+){3}|\\[::1]");
    private static final int PORT = 8081;

    private ControlPlace() {}

    /** Null when it is switched off, or wrong. */
    static @Nullable ControlSettings read(Settings settings, Path folder) {
        if (settings.get(ADDRESS, "").equals("off")) {
            return null;
        }
        InetSocketAddress address = settings.parse(
                ADDRESS,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT),
                "HOST:PORT, for example 127.0.0.1:8081 (port 0: any free one), or off",
                Configuration::address);
        URI reached = settings.get(URL) == null
                ? null
                : settings.parse(
                        URL,
                        NOWHERE,
                        "the URL by which others reach the control API, https://worker-1.example.com:8081; http only on"
                                + " this machine",
                        ControlPlace::url);
        Path certificate = file(settings, CERTIFICATE, folder);
        Path key = file(settings, KEY, folder);
        Path authorities = file(settings, CLIENT_CA, folder);
        if ((certificate == null) != (key == null)) {
            settings.wrong(CERTIFICATE + " and " + KEY + " belong together: set both, or neither.");
        } else if (certificate == null && authorities != null) {
            settings.wrong(CLIENT_CA + " is for TLS: set " + CERTIFICATE + " and " + KEY + " too.");
        } else if (address.isUnresolved()) {
            settings.wrong(ADDRESS, settings.get(ADDRESS, ""), "a host this machine knows");
        } else if (certificate != null && key != null) {
            return new ControlSettings(address, true, new Tls(certificate, key, authorities), reached);
        } else if (address.getAddress().isLoopbackAddress()) {
            return new ControlSettings(address, settings.get(ADDRESS) != null, null, reached);
        } else {
            settings.wrong(
                    ADDRESS + " is an address that others reach, so its keys must not go there in plain text: set "
                            + CERTIFICATE + " and " + KEY + ".");
        }
        return null;
    }

    private static URI url(String value) {
        URI url = URI.create(value);
        if (url.getHost() == null || value.length() > 500 || !isSafe(url)) {
            throw new IllegalArgumentException("no URL of a host, or one to which keys would go in plain text");
        }
        return url;
    }

    private static boolean isSafe(URI url) {
        return "https".equals(url.getScheme())
                || ("http".equals(url.getScheme())
                        && LOOPBACK.matcher(url.getHost()).matches());
    }

    private static @Nullable Path file(Settings settings, String name, Path folder) {
        String value = settings.get(name);
        if (value == null) {
            return null;
        }
        Path file = folder.resolve(value);
        if (!Files.isReadable(file)) {
            settings.wrong(name, value, "a file that can be read, in PEM");
        }
        return file;
    }
}
