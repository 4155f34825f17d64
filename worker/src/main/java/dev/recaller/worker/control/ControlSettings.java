package dev.recaller.worker.control;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the control API is.
 *
 * @param asked false: nobody named an address, and where this one is taken there is no API
 * @param tls absent: plain text, which is for loopback addresses only
 */
public record ControlSettings(
        InetSocketAddress address, boolean asked, @Nullable Tls tls) {

    /**
     * Files in PEM. They are read again when they change, and those that worked go on while new ones do not.
     *
     * @param certificates the server's, those it was signed by after it
     * @param key in PKCS #8, without a password
     * @param clientAuthorities who signs clients' certificates; absent: clients need none
     */
    public record Tls(Path certificates, Path key, @Nullable Path clientAuthorities) {}

    public ControlSettings {
        if (tls == null
                && (address.getAddress() == null || !address.getAddress().isLoopbackAddress())) {
            throw new IllegalArgumentException("plain text at an address that others reach");
        }
    }
}
