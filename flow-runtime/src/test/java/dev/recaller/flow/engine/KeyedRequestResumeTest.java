package dev.recaller.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowJournal;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.FlowState;
import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.http.HttpCalls;
import dev.recaller.flow.http.HttpPolicy;
import dev.recaller.flow.http.LocalServer;
import dev.recaller.flow.http.LocalServer.Reply;
import dev.recaller.flow.http.Secrets;
import dev.recaller.memory.Assurance;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker that is lost while a server has its request. */
class KeyedRequestResumeTest {

    private static final String FLOW = """
            {
              "schemaVersion": 1, "id": "orders", "version": 1, "name": "Orders", "start": "hear",
              "variables": { "words": { "type": "string", "default": "" } },
              "nodes": [
                { "id": "hear", "type": "listen", "into": "words" },
                { "id": "order", "type": "http", "method": "POST", "url": "URL/orders", "idempotencyKey": KEYED,
                  "timeoutMs": 30000, "body": { "what": "{{words}}" } },
                { "id": "ok", "type": "hangup" }, { "id": "unknown", "type": "hangup" }
              ],
              "edges": [
                { "from": "hear", "to": "order" }, { "from": "order", "port": "ok", "to": "ok" },
                { "from": "order", "to": "unknown" }
              ]
            }
            """;

    @ParameterizedTest
    @CsvSource({"true, ok, 2", "false, unknown, 1"})
    void onlyARequestWithAKeyIsSentAgainAndWithThatKey(boolean keyed, String end, int requests) throws Exception {
        Iterator<Reply> replies =
                List.of(new Reply.Stuck(""), LocalServer.json("{}")).iterator();
        FlowJournal journal = FlowJournal.inMemory();
        StepClock clock = new StepClock();
        FlowContext context = new FlowContext(UUID.randomUUID(), "acme", null, Map.of(), Assurance.ANONYMOUS);
        try (LocalServer server = new LocalServer(_ -> replies.next());
                HttpCalls calls = new HttpCalls(new HttpPolicy(List.of(), true, 10_000))) {
            Flow flow = Flow.parse(FLOW.replace("URL", server.url("")).replace("KEYED", String.valueOf(keyed)));
            FlowRunner runner = new FlowRunner(Scenario.UNTOUCHED, null, FlowListener.NONE, FlowStore.NONE, clock)
                    .http(new HttpAccess(calls, Secrets.NONE))
                    .journal(journal);
            var line = new ScriptedLine(clock, List.of(new ScriptedLine.Act.Speaks("Tea")));
            Thread worker = Thread.ofPlatform().start(() -> {
                try {
                    runner.run(flow, context, line);
                } catch (InterruptedException e) {
                    // That is how it is lost.
                }
            });
            await().until(() -> server.received.size() == 1);
            worker.interrupt();
            worker.join();

            FlowState state = journal.find("acme", context.callId()).orElseThrow();
            FlowResult result = runner.resume(flow, state, null, Map.of(), new ScriptedLine(clock, List.of()));

            assertThat(result.path()).endsWith(end);
            assertThat(server.received).hasSize(requests);
            assertThat(server.received.stream()
                            .map(received -> String.valueOf(received.headers().get("Idempotency-Key")))
                            .distinct())
                    .hasSize(1)
                    .allMatch(key -> keyed ? key.matches("[0-9a-f]{32}") : key.equals("null"));
        }
    }
}
