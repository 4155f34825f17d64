package dev.recaller.worker;

import dev.recaller.worker.control.ControlSettings;
import dev.recaller.worker.control.ControlSettings.Tls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads where the control API is. */
final class ControlPlace {

    private static final String ADDRESS = "RECALLER_CONTROL";
    private static final String CERTIFICATE = "RECALLER_CONTROL_CERTIFICATE";
    private static final String KEY = "RECALLER_CONTROL_KEY";
    private static final String CLIENT_CA = "RECALLER_CONTROL_CLIENT_CA";
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
            return new ControlSettings(address, true, new Tls(certificate, key, authorities));
        } else if (address.getAddress().isLoopbackAddress()) {
            return new ControlSettings(address, settings.get(ADDRESS) != null, null);
        } else {
            settings.wrong(
                    ADDRESS + " is an address that others reach, so its keys must not go there in plain text: set "
                            + CERTIFICATE + " and " + KEY + ".");
        }
        return null;
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
