package dev.recaller.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The API as programs of others use it: by reflection alone, and by code that another language generates. */
class ForeignClientsTest {

    private static final JsonMapper JSON = new JsonMapper();

    @SuppressWarnings("NullAway.Init")
    private static RunningControl control;

    private final String key = control.key("acme", "admin");

    @TempDir
    private Path folder;

    private record Ended(int exitCode, String out) {}

    @BeforeAll
    static void start() throws Exception {
        control = new RunningControl();
    }

    @AfterAll
    static void stop() {
        control.close();
    }

    @Test
    void grpcurlFindsEverythingByReflection() throws Exception {
        String address = "127.0.0.1:" + control.port();
        assertThat(grpcurl("", address, "list").out().lines())
                .contains(
                        "grpc.health.v1.Health",
                        "recaller.v1.Calls",
                        "recaller.v1.Flows",
                        "recaller.v1.Memories",
                        "recaller.v1.WorkerControl");
        assertThat(grpcurl("", address, "describe", "recaller.v1.Calls.Watch").out())
                .contains("rpc Watch ( .recaller.v1.WatchRequest ) returns ( stream .recaller.v1.CallEvent )");
        assertThat(grpcurl("", address, "grpc.health.v1.Health/Check").out()).contains("SERVING");

        String said = grpcurl(
                        "", "-d", """
                {"start": {"metadata": {"phoneNumber": "+15105550133"}}}
                {"speech": "My name is Ada."}
                {"speech": "A chair, please."}
                """, "-H", "authorization: Bearer " + key, address, "recaller.v1.Calls/Converse")
                .out();
        assertThat(said)
                .contains("Hello, this is the front desk.", "Nice to meet you, Ada.", "\"reason\": \"agent_hangup\"");
        Ended shown = grpcurl(
                "",
                "-d",
                "{\"whose\": {\"phoneNumber\": \"+15105550133\"}}",
                "-H",
                "authorization: Bearer " + key,
                address,
                "recaller.v1.Memories/Show");
        assertThat(JSON.readTree(shown.out()).path("name").asString()).isEqualTo("Ada");

        Ended refused = grpcurl(
                "-format-error",
                "-d",
                "{\"id\": \"\", \"percent\": -1}",
                "-H",
                "authorization: Bearer " + key,
                address,
                "recaller.v1.Flows/Canary");
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.out())
                .contains(
                        "\"code\": 3", "id: is missing (and 1 more)", "google.rpc.BadRequest", "google.rpc.ErrorInfo");
        assertThat(grpcurl("", address, "recaller.v1.Calls/List").out()).contains("Unauthenticated");
    }

    @Test
    void aClientThatPythonGeneratesFromThePublishedFilesTalks() throws Exception {
        String python = installed("RECALLER_GRPC_PYTHON", "gRPC for Python");
        Path protos = Path.of("src/main/proto").toAbsolutePath();
        assertThat(run(
                                python,
                                "-m",
                                "grpc_tools.protoc",
                                "-I" + protos,
                                "--python_out=" + folder,
                                "--grpc_python_out=" + folder,
                                "recaller/v1/access.proto",
                                "recaller/v1/calls.proto",
                                "recaller/v1/memories.proto",
                                "recaller/v1/flows.proto",
                                "recaller/v1/worker.proto")
                        .out())
                .isEmpty();
        Ended talked = run(
                python,
                Path.of("src/test/python/control_client.py").toAbsolutePath().toString(),
                folder.toString(),
                "127.0.0.1:" + control.port(),
                key);
        assertThat(talked.exitCode()).as(talked.out()).isZero();
        assertThat(talked.out().lines().toList())
                .containsExactly(
                        "Hello, this is the front desk. Who am I talking to?",
                        "watched: CALLER My name is Grace.",
                        "Nice to meet you, Grace. How can I help you?",
                        "ended: operator",
                        "remembered: Grace",
                        "refused: NOT_FOUND CALL_UNKNOWN",
                        "refused: INVALID_ARGUMENT FLOW_INVALID");
    }

    private Ended grpcurl(String option, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(installed("GRPCURL_BIN", "grpcurl"), "-plaintext"));
        if (!option.isEmpty()) {
            command.add(option);
        }
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private static String installed(String variable, String what) {
        String program = System.getenv(variable);
        if (program != null) {
            return program;
        }
        String message = "there is no " + what + ": set " + variable + ", or run bin/test";
        return "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
    }

    private static Ended run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var out = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Ended(process.waitFor(), out.get(5, TimeUnit.SECONDS));
    }
}
