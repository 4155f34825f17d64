package dev.recaller.worker.openai;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;

/** A server that fails as it is told, one answer a request: what a real one cannot be made to do. */
public final class FaultyServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingDeque<Answer> answers = new LinkedBlockingDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Bodies of the requests so far. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();

    private interface Answer {
        void send(HttpExchange exchange) throws IOException, InterruptedException;
    }

    public FaultyServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public OpenAi client() {
        return client(Duration.ofSeconds(20));
    }

    /** A client that waits so long for a byte. */
    public OpenAi client(Duration silence) {
        return new OpenAi(
                url().toString(),
                "sk-very-secret",
                new OpenAi.Limits(Duration.ofSeconds(3), silence, Duration.ofSeconds(30)));
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    public FaultyServer refuses(int status) {
        return answers(status, "application/json", """
                {"error": {"message": "no: sk-very-secret", "code": "some_code", "type": "some_type"}}""");
    }

    /** Too many requests; the header says how long to wait. */
    public FaultyServer limits(String retryAfter) {
        answers.add(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
            exchange.sendResponseHeaders(429, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
        });
        return this;
    }

    /** Begins as told and never ends. */
    public FaultyServer answersForEver(String type, String beginning) {
        answers.add(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(beginning.getBytes(StandardCharsets.UTF_8));
            byte[] more = "x".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
            while (!Thread.currentThread().isInterrupted()) {
                exchange.getResponseBody().write(more);
            }
        });
        return this;
    }

    public FaultyServer answers(int status, String type, String body) {
        return answers(status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    public FaultyServer answers(int status, String type, byte[] body) {
        answers.add(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        });
        return this;
    }

    /** Sends the beginning of a longer body, then drops the connection. */
    public FaultyServer cuts(String type, byte[] beginning) {
        answers.add(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, 10L * beginning.length + 10);
            exchange.getResponseBody().write(beginning);
            exchange.getResponseBody().flush();
        });
        return this;
    }

    /** Sends the beginning of an answer, and then nothing more. */
    public FaultyServer stalls(String type, byte[] beginning) {
        answers.add(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(beginning);
            exchange.getResponseBody().flush();
            closed.await();
        });
        return this;
    }

    /** As {@link #answers}, so many requests at once: none before all are here. */
    public FaultyServer answersTogether(int count, String type, byte[] body) {
        var here = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            answers.add(exchange -> {
                here.countDown();
                here.await();
                exchange.getResponseHeaders().set("Content-Type", type);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            });
        }
        return this;
    }

    /** How many connections requests came on. */
    public int connections() {
        return ports.size();
    }

    /** Takes the request and never answers. */
    public FaultyServer hangs() {
        answers.add(_ -> closed.await());
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            ports.add(exchange.getRemoteAddress().getPort());
            requests.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            var answer = answers.poll();
            if (answer == null) {
                exchange.sendResponseHeaders(500, -1);
            } else {
                answer.send(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
        threads.close();
    }
}
