package dev.recaller.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpServerTest {

    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final HttpClient client = HttpClient.newHttpClient();
    private final State state = new State();
    private HttpServer server;

    private static final class State implements Health {
        private volatile boolean alive = true;
        private volatile List<String> reasons = List.of();

        @Override
        public boolean alive() {
            return alive;
        }

        @Override
        public List<String> notReady() {
            if (reasons.contains("bug")) {
                throw new IllegalStateException("a bug");
            }
            return reasons;
        }

        @Override
        public List<String> failing() {
            return List.of("speech by openai/tts-1");
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.start(ANY, new Meters(), state);
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    @Test
    void servesTheMetrics() throws Exception {
        HttpResponse<String> response = request("GET", "/metrics");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body()).contains("recaller_job_offers_total{answer=\"accepted\"} 0.0");
    }

    @Test
    void isHealthyUntilOnlyANewProcessHelps() throws Exception {
        assertThat(request("GET", "/health").statusCode()).isEqualTo(200);
        state.alive = false;
        assertThat(request("GET", "/health").statusCode()).isEqualTo(503);
    }

    @Test
    void saysWhyItIsNotReady() throws Exception {
        assertThat(request("GET", "/ready?verbose").body())
                .isEqualTo("{\"ready\":true,\"reasons\":[],\"failing\":[\"speech by openai/tts-1\"]}\n");

        state.reasons = List.of("not registered with LiveKit", "the database says \"no\"");
        HttpResponse<String> response = request("GET", "/ready");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body())
                .isEqualTo(
                        "{\"ready\":false,\"reasons\":[\"not registered with LiveKit\",\"the database says \\\"no\\\"\"],\"failing\":[\"speech by openai/tts-1\"]}\n");
        assertThat(request("GET", "/health").statusCode()).isEqualTo(200);
    }

    @Test
    void answersOnAfterAFailure() throws Exception {
        state.reasons = List.of("bug");
        assertThat(request("GET", "/ready").statusCode()).isEqualTo(500);
        state.reasons = List.of();
        assertThat(request("GET", "/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void refusesOtherPathsAndMethods() throws Exception {
        assertThat(request("GET", "/").statusCode()).isEqualTo(404);
        assertThat(request("POST", "/nothing").statusCode()).isEqualTo(404);
        HttpResponse<String> refused = request("POST", "/metrics");
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("allow")).hasValue("GET, HEAD");
    }

    @Test
    void answersHeadWithTheLengthAndNoBody() throws Exception {
        HttpResponse<String> response = request("HEAD", "/health");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValueAsLong("content-length")).hasValue(15);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void closesOnWhatIsNotHttpAndServesTheNext() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("\u0000\u0001 nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(5000);
            socket.getInputStream().readAllBytes();
        }
        assertThat(request("GET", "/health").statusCode()).isEqualTo(200);
    }

    @Test
    void saysThatThePortIsTaken() {
        InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());

        assertThatThrownBy(() -> HttpServer.start(taken, new Meters(), state))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on")
                .hasMessageContaining(String.valueOf(server.port()));
    }

    private HttpResponse<String> request(String method, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }
}
