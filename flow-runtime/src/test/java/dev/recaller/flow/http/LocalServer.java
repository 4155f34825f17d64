package dev.recaller.flow.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A real server on the loopback address that answers as it is told, faults included. */
public final class LocalServer implements AutoCloseable {

    public record Received(String method, URI uri, Map<String, String> headers, String body) {}

    /** How a request is answered. */
    public sealed interface Reply {
        record Answer(int status, Map<String, String> headers, String body) implements Reply {}

        record Zipped(String body) implements Reply {}

        /** Part of the body it announced, and then the end of the connection. */
        record Cut(String part) implements Reply {}

        /** Part of the body, and then nothing until the server closes. */
        record Stuck(String part) implements Reply {}
    }

    public final List<Received> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    public LocalServer(Function<Received, Reply> answers) {
        this(plain(), answers);
    }

    private LocalServer(HttpServer server, Function<Received, Reply> answers) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, answers));
        server.start();
    }

    /** Speaks TLS by a certificate for localhost that it signed itself. */
    static LocalServer withOwnCertificate(Path folder, Function<Received, Reply> answers) throws Exception {
        Path store = folder.resolve("own.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storepass",
                        "password",
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("keytool made no certificate");
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(store.toFile(), "password".toCharArray()), "password".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new LocalServer(server, answers);
    }

    private static HttpServer plain() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Reply json(String body) {
        return answer(200, body, Map.of("Content-Type", "application/json"));
    }

    public static Reply answer(int status, String body, Map<String, String> headers) {
        return new Reply.Answer(status, headers, body);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url(String path) {
        return "http://localhost:" + port() + path;
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange, Function<Received, Reply> answers) throws IOException {
        try (exchange) {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, String.join(" / ", values)));
            Received request = new Received(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI(),
                    headers,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            received.add(request);
            switch (answers.apply(request)) {
                case Reply.Answer(int status, Map<String, String> more, String body) -> {
                    more.forEach(exchange.getResponseHeaders()::set);
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                    exchange.getResponseBody().write(bytes);
                }
                case Reply.Zipped(String body) -> {
                    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                    exchange.sendResponseHeaders(200, 0);
                    try (GZIPOutputStream gzip = new GZIPOutputStream(exchange.getResponseBody())) {
                        gzip.write(body.getBytes(StandardCharsets.UTF_8));
                    }
                }
                case Reply.Cut(String part) -> write(exchange, part);
                case Reply.Stuck(String part) -> {
                    write(exchange, part);
                    closed.await();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(HttpExchange exchange, String part) throws IOException {
        exchange.sendResponseHeaders(200, part.length() + 100L);
        exchange.getResponseBody().write(part.getBytes(StandardCharsets.US_ASCII));
        exchange.getResponseBody().flush();
    }
}
