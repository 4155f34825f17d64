package dev.recaller.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.sql.Folders;
import dev.recaller.worker.command.RecallerProcess.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Each flow that comes with Recaller as a call in the console: typed as one of its own tests has it, its model and its
 * servers answering over HTTP as that test says.
 */
class ExamplesTest {

    private static final Path FLOWS = Path.of("../flows").toAbsolutePath().normalize();
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir(cleanup = CleanupMode.ALWAYS)
    private static Path folder;

    private static EmbeddedDatabase database;
    private static HttpServer server;
    private static final Deque<JsonNode> ANSWERS = new ConcurrentLinkedDeque<>();
    private static final Deque<JsonNode> REPLIES = new ConcurrentLinkedDeque<>();

    @BeforeAll
    static void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", ExamplesTest::answer);
        server.createContext("/example", ExamplesTest::reply);
        server.start();
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(environment());
        database = EmbeddedDatabase.open(Folders.ofEnvironment(environment), _ -> {});
    }

    @AfterAll
    static void stop() {
        database.close();
        server.stop(0);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "front-desk, a new caller is known by name as soon as they said it",
        "booking, a time is found and booked",
        "opt-in, 'who agrees is remembered, with all that was said'",
        "pin, the right PIN opens the account",
        "queue, sales answers",
        "receptionist, who wants a person is called back",
        "reminder, the job says when",
        "survey, a content customer",
    })
    void isACallInTheConsole(String flow, String test) throws Exception {
        JsonNode script = script(flow, test);
        script.path("model").forEach(ANSWERS::add);
        script.path("http").forEach(REPLIES::add);
        List<String> arguments =
                new ArrayList<>(List.of("console", "--flow", local(flow).toString(), "--from", number(flow)));
        script.path("metadata").properties().forEach(given -> {
            arguments.add("--metadata");
            arguments.add(given.getKey() + "=" + given.getValue().stringValue());
        });

        Ended call = RecallerProcess.run(environment(), folder, typed(script), arguments.toArray(String[]::new));

        assertThat(call.exitCode()).as(call.err()).isZero();
        String remembered = script.path("remembered").path("name").asString("nobody");
        List<String> expected = StreamSupport.stream(
                        script.path("expect").path("said").spliterator(), false)
                .map(JsonNode::stringValue)
                .filter(said -> !said.contains(remembered))
                .toList();
        assertThat(call.out()).as(call.err()).containsSubsequence(expected);
        assertThat(call.err())
                .contains(
                        "(the call ended: " + script.path("expect").path("end").asString("agent_hangup") + ")");
        assertThat(ANSWERS).as("answers of the model that nobody asked for").isEmpty();
        assertThat(REPLIES).as("answers of servers that nobody asked for").isEmpty();
    }

    private static JsonNode script(String flow, String test) throws IOException {
        JsonNode tests =
                JSON.readTree(Files.readString(FLOWS.resolve(flow + ".json"))).path("tests");
        return StreamSupport.stream(tests.spliterator(), false)
                .filter(one -> one.path("name").asString("").equals(test))
                .findFirst()
                .orElseThrow();
    }

    /** The flow with its servers on this machine. */
    private static Path local(String flow) throws IOException {
        String text = Files.readString(FLOWS.resolve(flow + ".json"))
                .replaceAll("https://[a-z]+\\.example\\.com", "http://127.0.0.1:" + port() + "/example");
        return Files.writeString(folder.resolve(flow + ".json"), text);
    }

    /** A caller of their own for each. */
    private static String number(String flow) {
        return "+1510555" + (1000 + Math.floorMod(flow.hashCode(), 9000));
    }

    private static String typed(JsonNode script) {
        StringBuilder lines = new StringBuilder();
        script.path("caller")
                .forEach(act -> lines.append(
                                act.isString()
                                        ? act.stringValue()
                                        : act.path("digits").stringValue())
                        .append('\n'));
        return lines.toString();
    }

    private static Map<String, String> environment() {
        return new HashMap<>(Map.of(
                "RECALLER_HOME", folder.resolve("home").toString(),
                "OPENAI_BASE_URL", "http://127.0.0.1:" + port() + "/v1",
                "OPENAI_API_KEY", "sk-examples",
                "RECALLER_OUTBOUND_PRIVATE", "true",
                "RECALLER_SECRET_CALENDAR_TOKEN", "calendar",
                "RECALLER_SECRET_BANK_TOKEN", "bank"));
    }

    private static int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        JsonNode answer = ANSWERS.poll();
        if (answer == null) {
            send(exchange, 500, "application/json", "{}");
            return;
        }
        ObjectNode delta = JSON.createObjectNode().put("role", "assistant");
        delta.put("content", answer.path("say").asString(""));
        String function = answer.path("call").asString(answer.path("exit").asString(""));
        if (!function.isEmpty()) {
            ObjectNode call = delta.putArray("tool_calls").addObject();
            call.put("index", 0).put("id", "call_1").put("type", "function");
            call.putObject("function")
                    .put("name", function)
                    .put(
                            "arguments",
                            answer.path("arguments").isObject()
                                    ? answer.path("arguments").toString()
                                    : "{}");
        }
        ObjectNode chunk = JSON.createObjectNode();
        chunk.put("id", "c")
                .put("object", "chat.completion.chunk")
                .put("created", 1)
                .put("model", "m");
        chunk.putArray("choices").addObject().put("index", 0).set("delta", delta);
        send(exchange, 200, "text/event-stream", "data: " + chunk + "\n\ndata: [DONE]\n\n");
    }

    private static void reply(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        JsonNode reply = REPLIES.poll();
        String asked = exchange.getRequestMethod() + " "
                + exchange.getRequestURI().getPath().substring("/example".length());
        boolean expected = reply != null
                && reply.path("request")
                        .asString("")
                        .replaceAll("https://[a-z.]+", "")
                        .endsWith(asked);
        if (reply == null || (reply.has("request") && !expected)) {
            send(exchange, 500, "application/json", "{}");
        } else {
            send(
                    exchange,
                    reply.path("status").asInt(200),
                    "application/json",
                    reply.path("body").toString());
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
