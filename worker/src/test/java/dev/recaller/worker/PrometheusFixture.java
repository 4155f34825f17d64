package dev.recaller.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.testing.FreePort;
import dev.recaller.livekit.testing.Installed;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Prometheus of its own with the alerts of {@code deploy}, that scrapes one worker each second. */
final class PrometheusFixture implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final int port = FreePort.tcp();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;

    /** @param folder for its data and its log */
    PrometheusFixture(Path folder, int workersPort) throws IOException {
        Path configuration = Files.writeString(folder.resolve("prometheus.yaml"), """
                global: { scrape_interval: 1s, evaluation_interval: 1s }
                rule_files: [ "%s" ]
                scrape_configs:
                  - { job_name: recaller, static_configs: [ { targets: [ "127.0.0.1:%d" ] } ] }
                """.formatted(
                        Dashboard.DEPLOY.resolve("prometheus/alerts.yaml").toAbsolutePath(), workersPort));
        process = new ProcessBuilder(
                        Installed.prometheus().toString(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        await("Prometheus, log in " + folder).atMost(Duration.ofSeconds(60)).until(this::ready);
    }

    /** What {@code /api/v1/...} answers, whose status the caller judges. */
    JsonNode get(String path) throws Exception {
        return JSON.readTree(
                http.send(request("/api/v1/" + path), BodyHandlers.ofString()).body());
    }

    JsonNode query(String promQl) throws Exception {
        return get("query?query=" + URLEncoder.encode(promQl, UTF_8));
    }

    private boolean ready() throws InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException("Prometheus ended at once");
        }
        try {
            return http.send(request("/-/ready"), BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
    }
}
