package dev.recaller.worker.control;

import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's certificate and whom it trusts, read again when the files change; new connections see it, old ones go on. */
final class Certificates implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Certificates.class);

    private final ControlSettings.Tls files;
    private final AdvancedTlsX509KeyManager own = new AdvancedTlsX509KeyManager();
    private final @Nullable AdvancedTlsX509TrustManager clients;
    private final Thread watching;
    private List<FileTime> read;

    /**
     * Reads the files.
     *
     * @param pause how often they are looked at
     * @throws IOException when they cannot be used
     */
    Certificates(ControlSettings.Tls files, Duration pause) throws IOException {
        this.files = files;
        try {
            clients = files.clientAuthorities() == null
                    ? null
                    : AdvancedTlsX509TrustManager.newBuilder()
                            .setVerification(AdvancedTlsX509TrustManager.Verification.CERTIFICATE_ONLY_VERIFICATION)
                            .build();
            read = stamps();
            read();
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates of the control API cannot be used: " + e.getMessage(), e);
        }
        watching = Thread.ofVirtual().name("recaller-certificates").start(() -> watch(pause));
    }

    ServerCredentials credentials() {
        var tls = TlsServerCredentials.newBuilder().keyManager(own);
        if (clients != null) {
            tls.trustManager(clients).clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
        }
        return tls.build();
    }

    private void read() throws IOException, GeneralSecurityException {
        own.updateIdentityCredentials(files.certificates().toFile(), files.key().toFile());
        Path authorities = files.clientAuthorities();
        if (clients != null && authorities != null) {
            clients.updateTrustCredentials(authorities.toFile());
        }
    }

    private void watch(Duration pause) {
        try {
            while (true) {
                Thread.sleep(pause);
                List<FileTime> now = stamps();
                if (!now.equals(read)) {
                    again(now);
                }
            }
        } catch (InterruptedException e) {
            log.debug("the certificates are not watched any more");
        }
    }

    private void again(List<FileTime> now) {
        read = now; // what is wrong is told once for each change
        try {
            read();
            log.info("the control API shows the certificate of {} from now on", files.certificates());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            log.error(
                    "the changed certificates of the control API cannot be used, the old ones go on: {}",
                    e.getMessage());
        }
    }

    private List<FileTime> stamps() {
        return Stream.of(files.certificates(), files.key(), files.clientAuthorities())
                .filter(Objects::nonNull)
                .map(Certificates::stamp)
                .toList();
    }

    private static FileTime stamp(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    @Override
    public void close() {
        watching.interrupt();
    }
}
