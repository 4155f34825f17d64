package dev.recaller.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.engine.FlowRunner;
import dev.recaller.flow.tool.CallableTool;
import dev.recaller.memory.Assurance;
import dev.recaller.worker.console.TerminalLine;
import dev.recaller.worker.fallback.Circuits;
import dev.recaller.worker.fallback.FallbackChat;
import dev.recaller.worker.fallback.Link;
import dev.recaller.worker.telemetry.ProviderMeters.Operation;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole text calls whose model is behind HTTP, with all that can happen there. */
@Timeout(60)
class AgentTest {

    private static final String AGENT = """
            {
              "schemaVersion": 1, "id": "agent", "version": 1, "name": "Agent", "start": "talk",
              "configuration": { "models": { "chat": "first", "chatFallback": ["second"] } },
              "mcpServers": { "shop": { "url": "https://shop.example.com/mcp" } },
              "nodes": [
                { "id": "talk", "type": "agent", "prompt": "Be kind.", "exits": { "done": "the caller is finished" },
                  "tools": [ "shop.*" ] },
                { "id": "sorry", "type": "hangup", "say": "Sorry." },
                { "id": "bye", "type": "hangup", "say": "Goodbye." }
              ],
              "edges": [
                { "from": "talk", "port": "error", "to": "sorry" },
                { "from": "talk", "to": "bye" }
              ]
            }
            """;

    private record Price(List<String> arguments) implements CallableTool {
        @Override
        public String name() {
            return "price";
        }

        @Override
        public String description() {
            return "what something costs";
        }

        @Override
        public String parameters() {
            return """
                    {"type": "object", "properties": {"of": {"type": "string"}}, "required": ["of"]}""";
        }

        @Override
        public String call(String argumentsJson) {
            arguments.add(argumentsJson);
            return "ten dollars for " + argumentsJson;
        }
    }

    private final FaultyServer server = new FaultyServer();
    private final List<String> priced = new CopyOnWriteArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void functionsThatComeInPiecesAreCalledTogetherAndTheirResultsSentBack() throws Exception {
        streams(
                Streamed.text("Let me "),
                Streamed.text("look. "),
                Streamed.call(0, "a", "price", ""),
                Streamed.call(1, "b", "price", "{\"of\":"),
                Streamed.call(0, "", "", "{\"of\": \"te"),
                Streamed.call(1, "", "", "\"coffee\"}"),
                Streamed.call(0, "", "", "a\"}"));
        streams(Streamed.text("Both cost ten dollars."));
        streams(Streamed.call(0, "c", "done", "{}"));
        assertThat(call("What do tea and coffee cost?")).contains("Let me look.", "Both cost ten dollars.", "Goodbye.");
        assertThat(priced).containsExactlyInAnyOrder("{\"of\": \"tea\"}", "{\"of\":\"coffee\"}");
        assertThat(server.requests.get(1))
                .contains("\"content\":\"Let me look.\"")
                .containsPattern("\"tool_calls\":\\[\\{[^\\]]*\"id\":\"a\"[^\\]]*\"id\":\"b\"")
                .containsSubsequence("ten dollars for", "tea", "ten dollars for", "coffee")
                .contains("\"name\":\"price\"", "\"required\":[\"of\"]");
    }

    @Test
    void aStreamCutInTheMiddleOfArgumentsCallsNothingAndTheNextModelIsAsked() throws Exception {
        server.cuts("text/event-stream", Streamed.open(Streamed.call(0, "a", "price", "{\"of\": \"te")));
        streams(Streamed.text("Ten dollars."));
        assertThat(call()).contains("Ten dollars.");
        assertThat(priced).isEmpty();
        assertThat(server.requests.getLast()).contains("\"model\":\"second\"");
    }

    @Test
    void aStreamCutBeforeASentenceWasCompleteIsSaidByTheNextModel() throws Exception {
        server.cuts("text/event-stream", Streamed.open(Streamed.text("It costs te")));
        streams(Streamed.text("Ten dollars."));
        assertThat(call()).contains("Ten dollars.").doesNotContain("te ");
        assertThat(server.requests.getLast()).contains("\"model\":\"second\"");
    }

    @Test
    void aStreamThatHangsIsLeftForTheNextModel() throws Exception {
        server.stalls("text/event-stream", Streamed.open(Streamed.text("It costs te")));
        streams(Streamed.text("Ten dollars."));
        assertThat(call(Duration.ofSeconds(2))).contains("Ten dollars.");
        server.hangs();
        streams(Streamed.text("Ten dollars."));
        assertThat(call(Duration.ofSeconds(2))).contains("Ten dollars.");
    }

    @Test
    void argumentsThatAreNoJsonAreToldToTheModelAndNotSentBackToTheServer() throws Exception {
        streams(Streamed.call(0, "a", "price", "{of: tea"));
        streams(Streamed.text("Of what?"));
        assertThat(call()).contains("Of what?");
        assertThat(priced).isEmpty();
        assertThat(server.requests.getLast())
                .contains("\"arguments\":\"{}\"", "the arguments do not fit: they are no JSON")
                .doesNotContain("{of: tea");
    }

    @Test
    void whenEveryModelRefusesTheAgentTakesError() throws Exception {
        server.refuses(429).refuses(500);
        assertThat(call()).contains("Sorry.");
        assertThat(server.requests).hasSize(2);
        assertThat(warnings).containsExactly("no model answered; answer by second: answered 500 some_code");
    }

    @Test
    void aServerThatIsTooBusyForTheFirstModelAnswersByTheNext() throws Exception {
        server.refuses(429);
        streams(Streamed.text("Ten dollars."));
        assertThat(call()).contains("Ten dollars.");
    }

    @Test
    void aFunctionWithoutAnIdIsAnsweredAllTheSame() throws Exception {
        streams(
                Streamed.call(0, "", "price", "{\"of\": \"tea\"}"),
                Streamed.call(1, "", "price", "{\"of\": \"milk\"}"));
        streams(Streamed.text("Ten dollars."));
        assertThat(call()).contains("Ten dollars.");
        assertThat(server.requests.getLast()).contains("\"tool_call_id\":\"call_0\"", "\"tool_call_id\":\"call_1\"");
    }

    private void streams(String... chunks) {
        server.answers(200, "text/event-stream", Streamed.whole(chunks));
    }

    private String call(String... lines) throws Exception {
        return call(Duration.ofSeconds(20), lines);
    }

    private String call(Duration silence, String... lines) throws Exception {
        var out = new ByteArrayOutputStream();
        var line = new TerminalLine(
                new BufferedReader(new StringReader(String.join("\n", lines))),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                null);
        FlowListener listener = new FlowListener() {
            @Override
            public void warning(FlowContext context, String nodeId, String message) {
                warnings.add(message);
            }
        };
        try (OpenAi client = server.client(silence);
                var circuits = new Circuits(System::nanoTime)) {
            var chat = new FallbackChat(
                    (model, _) -> new Link<>(model, client.chat(model), circuits.of("openai", model, Operation.CHAT)));
            FlowResult result = new FlowRunner(new NoMemory(), chat, listener, FlowStore.NONE)
                    .tools((_, _, _, _) -> List.of(new Price(priced)))
                    .run(
                            Flow.parse(AGENT),
                            new FlowContext(UUID.randomUUID(), "acme", null, Map.of(), Assurance.ANONYMOUS),
                            line);
            assertThat(result.reason()).isIn(EndReason.AGENT_HANGUP, EndReason.CALLER_HANGUP);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
