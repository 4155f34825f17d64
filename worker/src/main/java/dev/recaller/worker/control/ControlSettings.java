package dev.recaller.worker.control;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the control API is.
 *
 * @param asked false: nobody named an address, and where this one is taken there is no API
 * @param tls absent: plain text, which is for loopback addresses only
 * @param reached the URL by which others reach it; absent: by its address, where that is one
 */
public record ControlSettings(
        InetSocketAddress address,
        boolean asked,
        @Nullable Tls tls,
        @Nullable URI reached) {

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

    /**
     * By which others reach it.
     *
     * @param port that it listens at
     * @return null when it listens at all addresses and nobody said by which it is reached
     */
    @Nullable
    URI reached(int port) {
        if (reached != null
                || address.getAddress() == null
                || address.getAddress().isAnyLocalAddress()) {
            return reached;
        }
        String host = address.getHostString();
        return URI.create(
                (tls == null ? "http://" : "https://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    }
}
