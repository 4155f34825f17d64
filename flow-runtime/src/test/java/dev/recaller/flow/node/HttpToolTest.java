package dev.recaller.flow.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.http.HttpCalls;
import dev.recaller.flow.http.HttpPolicy;
import dev.recaller.flow.http.LocalServer;
import dev.recaller.flow.http.LocalServer.Received;
import dev.recaller.flow.http.LocalServer.Reply;
import dev.recaller.flow.tool.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Declared tools with arguments as a model writes them, against a real server. */
class HttpToolTest {

    private static final String FLOW = """
            {
              "schemaVersion": 1, "id": "booking", "version": 1, "name": "Booking", "start": "bye",
              "variables": { "customer": { "type": "string", "default": "4711" }, "day": { "type": "string", "default": "none" } },
              "tools": {
                "book": {
                  "type": "http", "description": "Books a time", "method": "POST", "timeoutMs": 10000, "retries": 0,
                  "url": "URL/days/{{day}}?for={{customer}}", "headers": { "X-Key": "${KEY}" },
                  "body": { "people": "{{people}}", "tags": "{{tags}}", "note": "{{note | default('none')}}" },
                  "parameters": { "type": "object", "required": [ "day", "people" ], "additionalProperties": false,
                    "properties": {
                      "day": { "type": "string", "maxLength": 30 }, "people": { "type": "integer", "minimum": 1 },
                      "note": { "type": "string" }, "tags": { "type": "array", "items": { "type": "string" } } } }
                }
              },
              "nodes": [ { "id": "bye", "type": "hangup" } ], "edges": []
            }
            """;

    private int timeoutMs = 10_000;
    private final List<String> warnings = new ArrayList<>();
    private Function<Received, Reply> answers = _ -> LocalServer.json("{\"booked\": true}");
    private final LocalServer server = new LocalServer(request -> answers.apply(request));
    private final HttpCalls calls = new HttpCalls(new HttpPolicy(List.of(), true, 100_000));

    @AfterEach
    void close() {
        calls.close();
        server.close();
    }

    @Test
    void theModelsArgumentsAreSentAsTheFlowSaysAndTheAnswerComesBack() throws Exception {
        assertThat(run("{ \"day\": \"2026-11-30\", \"people\": 2, \"tags\": [ \"a\", \"b\" ] }"))
                .isEqualTo("{\"booked\": true}");
        Received received = server.received.getFirst();
        assertThat(received.uri()).hasToString("/days/2026-11-30?for=4711");
        assertThat(received.headers()).containsEntry("X-Key", "hunter22");
        JsonMapper json = JsonMapper.shared();
        assertThat(json.readTree(received.body()))
                .isEqualTo(json.readTree("{ \"people\": 2, \"tags\": [ \"a\", \"b\" ], \"note\": \"none\" }"));
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "no JSON",
                "{ \"day\": ",
                "{ \"people\": 2 }",
                "{ \"day\": \"x\", \"people\": \"two\" }",
                "{ \"day\": \"x\", \"people\": 0 }",
                "{ \"day\": \"x\", \"people\": 2, \"url\": \"https://evil.example.com\" }",
                "{ \"day\": \"x\", \"people\": 2, \"tags\": [ 1 ] }"
            })
    void argumentsThatDoNotFitAreToldToTheModelAndNotSent(String arguments) throws Exception {
        assertThat(run(arguments)).startsWith("failed: The arguments ");
        assertThat(server.received).isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    void aMistakeOfTheModelIsNamedSoThatItCanDoBetter() throws Exception {
        assertThat(run("{ \"day\": \"x\", \"people\": \"two\" }"))
                .isEqualTo("failed: The arguments are wrong. /people: string found, integer expected");
    }

    @Test
    void anArgumentCannotLeaveItsPlace() throws Exception {
        run(
                "{ \"day\": \"../admin?x=${KEY}#\", \"people\": 1, \"note\": \"{{customer}}\\\", \\\"a\\\": \\\"${KEY}\" }");
        assertThat(server.received.getFirst().uri()).hasToString("/days/..%2Fadmin%3Fx%3D%24%7BKEY%7D%23?for=4711");
        assertThat(JsonMapper.shared()
                        .readTree(server.received.getFirst().body())
                        .get("note")
                        .asString())
                .isEqualTo("{{customer}}\", \"a\": \"${KEY}");
        assertThat(run("{ \"day\": \"..\", \"people\": 1 }")).doesNotContain("booked");
        assertThat(run("{ \"day\": \"\", \"people\": 1 }")).doesNotContain("booked");
        assertThat(server.received).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            204 | ''        | Done.
            404 | no day    | failed: Refused (404): no day
            500 | trace ... | failed: The server answered 500. Nothing more is known.
            302 | moved     | failed: The server answered 302. Nothing more is known.
            """)
    void everyAnswerIsATextForTheModel(int status, String body, String told) throws Exception {
        answers = _ -> LocalServer.answer(status, body, Map.of());
        assertThat(run("{ \"day\": \"x\", \"people\": 1 }")).isEqualTo(told);
    }

    @Test
    void aServerThatIsSlowOrBrokenIsToldToTheModel() throws Exception {
        answers = _ -> new Reply.Stuck("");
        timeoutMs = 200;
        assertThat(run("{ \"day\": \"x\", \"people\": 1 }")).contains("did not answer in time");
        timeoutMs = 10_000;
        answers = _ -> new Reply.Cut("{");
        assertThat(run("{ \"day\": \"x\", \"people\": 1 }")).contains("could not be reached");
        assertThat(warnings).containsExactly("bye: the connection to localhost broke before the answer was complete");
    }

    @Test
    void aLongAnswerIsCutAndASecretThatIsEchoedIsTakenOut() throws Exception {
        answers = request -> LocalServer.answer(401, "no: " + request.headers().get("X-Key"), Map.of());
        assertThat(run("{ \"day\": \"x\", \"people\": 1 }")).isEqualTo("failed: Refused (401): no: ***");
        answers = request -> LocalServer.answer(200, request.headers().get("X-Key") + "x".repeat(9_000), Map.of());
        assertThat(run("{ \"day\": \"x\", \"people\": 1 }"))
                .startsWith("***xxx")
                .endsWith("x\n(cut here: the answer is longer)")
                .hasSizeLessThan(8_100);
    }

    @Test
    void withoutAccessOrSecretNothingIsSent() throws Exception {
        String arguments = "{ \"day\": \"x\", \"people\": 1 }";
        assertThat(run(arguments, null)).isEqualTo("failed: This function cannot be used now.");
        assertThat(run(arguments, new HttpAccess(calls, (_, _) -> Optional.empty())))
                .isEqualTo("failed: This function cannot be used with these arguments.");
        assertThat(warnings)
                .containsExactly(
                        "bye: no requests can be sent: the runner was given no HttpAccess",
                        "bye: no secret is called KEY");
        assertThat(server.received).isEmpty();
    }

    private String run(String arguments) throws Exception {
        return run(arguments, new HttpAccess(calls, (_, _) -> Optional.of("hunter22")));
    }

    private String run(String arguments, @Nullable HttpAccess access) throws Exception {
        Flow flow = Flow.parse(FLOW.replace("URL", server.url("")).replace("10000", String.valueOf(timeoutMs)));
        Call call = Calls.of(flow, access, new FlowListener() {
            @Override
            public void warning(FlowContext context, String nodeId, String message) {
                warnings.add(nodeId + ": " + message);
            }
        });
        try {
            return HttpTool.run(flow.tool("book").orElseThrow(), arguments, flow.node("bye"), call);
        } catch (ToolException e) {
            return "failed: " + e.getMessage();
        }
    }
}
