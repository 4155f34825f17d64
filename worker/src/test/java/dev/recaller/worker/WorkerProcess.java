package dev.recaller.worker;

import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.testing.FreePort;
import dev.recaller.livekit.testing.Installed;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.worker.command.RecallerProcess;
import dev.recaller.worker.command.RecallerProcess.Ended;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A worker as a process of its own, which can be stopped, killed and held up. */
final class WorkerProcess implements AutoCloseable {
    private final RecallerProcess process;
    private final int port;

    private WorkerProcess(RecallerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** What a worker of this LiveKit server is started with: the front desk, and its data in this folder. */
    static Map<String, String> environment(LiveKitServerFixture liveKit, RealSpeechServer speech, Path folder) {
        var environment = new HashMap<>(speech.environment());
        environment.putAll(Map.of(
                "LIVEKIT_URL",
                liveKit.url().toString(),
                "LIVEKIT_API_KEY",
                LiveKitServerFixture.KEY,
                "LIVEKIT_API_SECRET",
                LiveKitServerFixture.SECRET,
                "RECALLER_HOME",
                folder.resolve("home").toString(),
                "RECALLER_FLOW",
                Path.of("../flows/front-desk.json").toAbsolutePath().toString(),
                "RECALLER_LIVEKIT_FFI",
                Installed.nativeLibrary().toString(),
                "RECALLER_DRAIN_SECONDS",
                "12"));
        return environment;
    }

    /** Returns when it takes calls. */
    static WorkerProcess start(Map<String, String> environment, Path folder) throws IOException {
        int port = FreePort.tcp();
        var all = new HashMap<>(environment);
        all.put("RECALLER_HTTP", "127.0.0.1:" + port);
        all.putIfAbsent("RECALLER_CONTROL", "off");
        var started = new WorkerProcess(RecallerProcess.start(all, folder, "worker"), port);
        await("the worker").atMost(Duration.ofSeconds(60)).until(() -> started.ready() == 200);
        return started;
    }

    /** Status of /ready; 0 while nobody listens. */
    int ready() throws InterruptedException {
        return get("/ready").status();
    }

    /** What it measured. */
    String metrics() throws InterruptedException {
        return get("/metrics").body();
    }

    private record Answer(int status, String body) {}

    private Answer get(String path) throws InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            return new Answer(0, "");
        }
    }

    boolean isAlive() {
        return process.process().isAlive();
    }

    /** As an operator's SIGTERM. */
    void terminate() {
        process.process().toHandle().destroy(); // the process's own destroy() closes what it still says
    }

    /** Between one instruction and the next. */
    void kill() {
        process.process().destroyForcibly().onExit().join();
    }

    /** Stands still from now on, as on a machine that is frozen. */
    void freeze() throws Exception {
        signal("STOP");
    }

    /** As an operator's SIGHUP. */
    void readSettings() throws Exception {
        signal("HUP");
    }

    void thaw() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.process().pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    Ended end() throws Exception {
        return process.end();
    }

    @Override
    public void close() {
        kill();
    }
}
