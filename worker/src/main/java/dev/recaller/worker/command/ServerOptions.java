package dev.recaller.worker.command;

import dev.recaller.worker.control.ClientTls;
import dev.recaller.worker.control.ControlClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which worker's control API is asked, and by which key. */
final class ServerOptions {

    private static final int PORT = 8081;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The worker: http://HOST:PORT on this machine, else https:// (default: RECALLER_SERVER;"
                    + " of calls and worker else http://127.0.0.1:8081).")
    private @Nullable String server;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "The key, as 'recaller key create' showed it; others on this machine can see it here and not in"
                            + " RECALLER_KEY.")
    private @Nullable String key;

    @Option(names = "--ca", paramLabel = "FILE", description = "Who signs the server's certificate, in PEM.")
    private @Nullable Path authorities;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "The client's own certificate, where it needs one.")
    private @Nullable Path certificate;

    @Option(names = "--certificate-key", paramLabel = "FILE", description = "The key of --certificate.")
    private @Nullable Path certificateKey;

    /** Whether a worker is named, here or in the environment. */
    boolean isNamed() {
        return given(server, "RECALLER_SERVER").isPresent();
    }

    ControlClient open(RecallerCommand command) throws IOException {
        return open(command, given(server, "RECALLER_SERVER").orElse("http://127.0.0.1:" + PORT));
    }

    /** By the same key and certificates at another worker. */
    ControlClient open(RecallerCommand command, String where) throws IOException {
        String shown = given(key, "RECALLER_KEY")
                .orElseThrow(() -> command.misused("There is no key: set RECALLER_KEY, or give --key."));
        URI url = url(where, command);
        if ((certificate == null) != (certificateKey == null)) {
            throw command.misused("--certificate and --certificate-key belong together.");
        }
        boolean plain = url.getScheme().equals("http");
        if (plain && !isLoopback(url.getHost())) {
            throw command.misused(
                    "--server " + where + ": a key does not go to another machine in plain text, give https://.");
        }
        ClientTls tls = plain ? null : new ClientTls(authorities, certificate, certificateKey);
        return ControlClient.open(url.getHost(), url.getPort() < 0 ? PORT : url.getPort(), tls, shown);
    }

    private static URI url(String where, RecallerCommand command) {
        try {
            URI url = URI.create(where.contains("://") ? where : "http://" + where);
            if (url.getHost() != null
                    && (url.getScheme().equals("http") || url.getScheme().equals("https"))) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw command.misused("--server " + where + " is no address like https://recaller.example.com:8081.");
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static Optional<String> given(@Nullable String option, String variable) {
        return Optional.ofNullable(option)
                .or(() -> Optional.ofNullable(System.getenv(variable)))
                .filter(value -> !value.isBlank());
    }
}
